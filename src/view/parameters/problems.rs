//! Problems, told beside what they are about, each with its change where one click makes it.

use leptos::prelude::*;
use stylance::import_style;

use crate::api::checks::{Fix, Problem, Severity};
use crate::view::controls::button::css as button;
use crate::view::workspace::Workspace;

import_style!(css, "problems.module.css");

/// The problems told at one parameter.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told(pub Vec<Problem>);

impl Told {
    /// Whether the server would refuse the request because of this parameter.
    pub fn refused(&self) -> bool {
        self.0
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
}

/// What `data-state` says of a row.
pub fn state(refused: bool, is_set: bool) -> &'static str {
    match (refused, is_set) {
        (true, _) => "problem",
        (false, true) => "set",
        (false, false) => "unset",
    }
}

/// What is told at a parameter or an unknown key; changes only when that does.
pub fn told(workspace: Workspace, parameter: impl Into<String>) -> Memo<Told> {
    let parameter = parameter.into();
    Memo::new(move |_| {
        workspace.problems.with(|problems| {
            let here = problems
                .iter()
                .filter(|problem| problem.parameter == parameter);
            Told(here.cloned().collect())
        })
    })
}

/// The problems of a parameter, and why the text in its control is no value.
pub fn problem_list(
    workspace: Workspace,
    told: Memo<Told>,
    fault: Option<(String, String)>,
) -> Vec<AnyView> {
    let fault = fault.map(|(name, words)| line(name, Severity::Error, words, None));
    let mut offered: Vec<String> = Vec::new();
    let told = told.get().0.into_iter().map(|problem| {
        // One change may mend several problems; it is offered once.
        let new = |fix: &Fix| !offered.contains(&fix.label);
        let fix = problem.fix.filter(new);
        offered.extend(fix.as_ref().map(|fix| fix.label.clone()));
        let fix = fix.map(|fix| {
            let label = fix.label.clone();
            view! {
                <button type="button" class=stylance::classes!(button::button, css::fix) on:click=move |_| workspace.mend(&fix)>
                    {label}
                </button>
            }
            .into_any()
        });
        line(problem.parameter, problem.severity, problem.message, fix)
    });
    fault.into_iter().chain(told).collect()
}

/// One problem, told beside a parameter.
pub(super) fn line(
    parameter: String,
    severity: Severity,
    words: String,
    fix: Option<AnyView>,
) -> AnyView {
    view! {
        <p class=css::problem data-problem=parameter data-severity=severity.name()>
            <span class=css::severity>{severity.name()}</span>
            <span class=css::words>{words}</span>
            {fix}
        </p>
    }
    .into_any()
}
