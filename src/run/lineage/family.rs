//! A family of runs as a tree: the original, its branches, and the branches of those.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Departure, Lineage, root};
use crate::run::history::Entry;

/// A run of the tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// The place of its parent in the tree.
    pub parent: Option<usize>,
    /// How many partings it is from the original.
    pub depth: usize,
    /// Its place among the children of its parent, from 1, and how many those are.
    pub sibling: (usize, usize),
    /// How it parted from its parent; `None` for the original.
    pub departure: Option<Departure>,
    /// What the history has of it; `None` for a run that is no longer kept.
    pub entry: Option<Arc<Entry>>,
}

/// The family of a run out of what the history has, each run before its branches, which stand in the order
/// of the tokens that they part at. What is no longer kept stands there too, where a branch of it is left.
pub fn family(entries: &[Arc<Entry>], of: &Lineage) -> Vec<Member> {
    let Some(original) = of.root() else {
        return Vec::new();
    };
    let mut tree = Tree::default();
    for entry in entries {
        let own = root(&entry.line).unwrap_or(&entry.id);
        if own == original {
            tree.add(&entry.line, &entry.id, Some(entry));
        }
    }
    if let Some(id) = &of.id {
        tree.add(&of.line, id, None);
    }
    tree.in_order()
}

/// Members in the order that they were met, each behind its parent.
#[derive(Default)]
struct Tree {
    members: Vec<Member>,
    places: HashMap<String, usize>,
}

impl Tree {
    /// Adds a run with all that it descends from. Who is here already keeps the place that it has.
    fn add(&mut self, line: &[Departure], id: &str, entry: Option<&Arc<Entry>>) {
        let mut parent = None;
        let ids = line.iter().skip(1).map(|next| next.parent.as_str());
        if let Some(original) = root(line) {
            parent = Some(self.place(original, None, None));
        }
        for (departure, id) in line.iter().zip(ids.chain([id])) {
            parent = Some(self.place(id, parent, Some(departure)));
        }
        let own = parent.unwrap_or_else(|| self.place(id, None, None));
        if let (Some(member), Some(entry)) = (self.members.get_mut(own), entry) {
            member.entry = Some(entry.clone());
        }
    }

    fn place(&mut self, id: &str, parent: Option<usize>, departure: Option<&Departure>) -> usize {
        if let Some(place) = self.places.get(id) {
            return *place;
        }
        let depth = parent.and_then(|parent| self.members.get(parent));
        self.members.push(Member {
            id: id.to_owned(),
            parent,
            depth: depth.map_or(0, |parent| parent.depth + 1),
            sibling: (1, 1),
            departure: departure.cloned(),
            entry: None,
        });
        let place = self.members.len() - 1;
        self.places.insert(id.to_owned(), place);
        place
    }

    fn in_order(self) -> Vec<Member> {
        let Self { members, .. } = self;
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); members.len()];
        let mut open: Vec<(usize, Option<usize>, (usize, usize))> = Vec::new();
        for (place, member) in members.iter().enumerate() {
            match member.parent.and_then(|parent| children.get_mut(parent)) {
                Some(siblings) => siblings.push(place),
                None => open.push((place, None, (1, 1))),
            }
        }
        let order = |place: &usize| {
            let member = members.get(*place);
            let parted = |it: &Member| it.departure.as_ref().map(|it| (it.choice, it.at));
            member.map(|it| (parted(it), it.id.clone()))
        };
        for siblings in &mut children {
            siblings.sort_by_cached_key(order);
        }
        let mut ordered: Vec<Member> = Vec::with_capacity(members.len());
        open.reverse();
        while let Some((place, parent, sibling)) = open.pop() {
            let Some(member) = members.get(place) else {
                continue;
            };
            let own = ordered.len();
            ordered.push(Member {
                parent,
                sibling,
                ..member.clone()
            });
            let siblings = children.get(place).map(Vec::as_slice).unwrap_or_default();
            let count = siblings.len();
            for (at, child) in siblings.iter().enumerate().rev() {
                open.push((*child, Some(own), (at + 1, count)));
            }
        }
        ordered
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn departure(parent: &str, at: usize) -> Departure {
        Departure {
            parent: parent.to_owned(),
            at,
            ..Departure::default()
        }
    }

    fn entry(id: &str, line: &[(&str, usize)]) -> Arc<Entry> {
        Arc::new(Entry {
            id: id.to_owned(),
            line: line.iter().map(|(id, at)| departure(id, *at)).collect(),
            ..Entry::default()
        })
    }

    fn of(id: &str) -> Lineage {
        Lineage {
            id: Some(id.to_owned()),
            line: Vec::new(),
        }
    }

    /// `id` at its depth; in brackets where it is no longer kept.
    fn drawn(tree: &[Member]) -> Vec<String> {
        let draw = |member: &Member| {
            let id = match member.entry {
                Some(_) => member.id.clone(),
                None => format!("({})", member.id),
            };
            format!("{}{id}", " ".repeat(member.depth))
        };
        tree.iter().map(draw).collect()
    }

    #[test]
    fn branches_stand_below_what_they_part_from() {
        let entries = [
            entry("a", &[]),
            entry("b", &[("a", 9)]),
            entry("c", &[("a", 2)]),
            entry("d", &[("a", 9), ("b", 4)]),
            entry("e", &[]),
            entry("f", &[("e", 1)]),
        ];
        for id in ["a", "b", "d"] {
            let own = entries.iter().find(|entry| entry.id == id).unwrap();
            let lineage = Lineage {
                line: own.line.clone(),
                ..of(id)
            };
            assert_eq!(
                drawn(&family(&entries, &lineage)),
                ["a", " c", " b", "  d"],
                "{id}"
            );
        }
        let tree = family(&entries, &of("a"));
        assert_eq!(tree[3].parent, Some(2));
        assert_eq!(tree[2].sibling, (2, 2));
        assert_eq!(tree[1].departure.as_ref().unwrap().at, 2);
        assert_eq!(family(&entries, &of("z")).len(), 1);
        assert_eq!(family(&entries, &Lineage::default()), []);
    }

    #[test]
    fn what_was_deleted_leaves_its_place() {
        let entries = [entry("c", &[("a", 2)]), entry("d", &[("a", 9), ("b", 4)])];
        assert_eq!(
            drawn(&family(&entries, &of("a"))),
            ["(a)", " c", " (b)", "  d"]
        );
        // A run that is not kept at all still knows where it is from.
        let lineage = Lineage {
            line: vec![departure("a", 1)],
            ..of("n")
        };
        assert_eq!(drawn(&family(&[], &lineage)), ["(a)", " (n)"]);
    }

    proptest! {
        /// Whatever lines a file brings, rings among them, the tree has each run once, behind its parent.
        #[test]
        fn any_lines_make_a_tree(lines in prop::collection::vec(("[a-e]", prop::collection::vec(("[a-e]", 0_usize..4), 0..5)), 0..12)) {
            let entries: Vec<_> = lines
                .iter()
                .map(|(id, line)| {
                    let line: Vec<_> = line.iter().map(|(id, at)| (id.as_str(), *at)).collect();
                    entry(id, &line)
                })
                .collect();
            let tree = family(&entries, &of("a"));
            let mut ids: Vec<_> = tree.iter().map(|member| member.id.clone()).collect();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), tree.len());
            for (place, member) in tree.iter().enumerate() {
                match member.parent {
                    Some(parent) => {
                        prop_assert!(parent < place);
                        prop_assert_eq!(tree[parent].depth + 1, member.depth);
                    }
                    None => prop_assert_eq!(member.depth, 0),
                }
            }
            for entry in &entries {
                let own = root(&entry.line).unwrap_or(&entry.id);
                prop_assert!(own != "a" || tree.iter().any(|member| member.id == entry.id));
            }
        }
    }
}
