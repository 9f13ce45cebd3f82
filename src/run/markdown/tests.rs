//! The law of growing, and what the blocks of common texts are.

use super::*;
use proptest::prelude::*;

fn whole(text: &str) -> Vec<Block> {
    let mut markdown = Markdown::default();
    markdown.grow(text);
    markdown.blocks().to_vec()
}

fn text(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}

#[test]
fn blocks_of_common_texts() {
    assert_eq!(
        whole("# A *b*\n\nc\nd  \ne\n"),
        [
            Block::Heading(1, vec![text("A "), Inline::Emphasis(vec![text("b")])]),
            Block::Paragraph(vec![
                text("c"),
                Inline::SoftBreak,
                text("d"),
                Inline::Break,
                text("e")
            ]),
        ]
    );
    assert_eq!(
        whole("3. a\n4. - [x] b\n"),
        [Block::List {
            start: Some(3),
            items: vec![
                Item {
                    task: None,
                    blocks: vec![Block::Plain(vec![text("a")])]
                },
                Item {
                    task: None,
                    blocks: vec![Block::List {
                        start: None,
                        items: vec![Item {
                            task: Some(true),
                            blocks: vec![Block::Plain(vec![text("b")])]
                        }],
                    }],
                },
            ],
        }]
    );
    assert_eq!(
        whole("|a|b|\n|-|-:|\n|1|2<br>3|\n"),
        [Block::Table {
            aligns: vec![Align::Start, Align::End],
            head: vec![vec![text("a")], vec![text("b")]],
            rows: vec![vec![
                vec![text("1")],
                vec![text("2"), Inline::Break, text("3")]
            ]],
        }]
    );
    assert_eq!(
        whole("> q\n\n---\n~~x~~ `c` **d**"),
        [
            Block::Quote(vec![Block::Paragraph(vec![text("q")])]),
            Block::Rule,
            Block::Paragraph(vec![
                Inline::Struck(vec![text("x")]),
                text(" "),
                Inline::Code("c".to_owned()),
                text(" "),
                Inline::Strong(vec![text("d")]),
            ]),
        ]
    );
}

#[test]
fn an_unfinished_fence_is_code_already() {
    assert_eq!(
        whole("```python title=x\nprint(1)\n# no heading\n"),
        [Block::Code {
            language: "python".to_owned(),
            text: "print(1)\n# no heading\n".to_owned()
        }]
    );
}

#[test]
fn html_stays_text_and_links_are_judged() {
    let blocks = whole(
        "<script>alert(1)</script>\n\na <b onclick=x>c</b> [l](javascript:alert(1)) [m](https://a.test) ![i](http://b.test/x.png) <d@e.test>",
    );
    assert_eq!(
        blocks[0],
        Block::Html("<script>alert(1)</script>\n".to_owned())
    );
    let Block::Paragraph(inlines) = &blocks[1] else {
        panic!("{blocks:?}");
    };
    assert!(inlines.contains(&Inline::Html("<b onclick=x>".to_owned())));
    assert!(inlines.contains(&Inline::Link(
        LinkTarget::Closed("javascript:alert(1)".to_owned()),
        vec![text("l")]
    )));
    assert!(inlines.contains(&Inline::Link(
        LinkTarget::Open("https://a.test".to_owned()),
        vec![text("m")]
    )));
    assert!(inlines.contains(&Inline::Link(
        LinkTarget::Open("mailto:d@e.test".to_owned()),
        vec![text("d@e.test")]
    )));
    assert!(inlines.contains(&Inline::Image {
        target: ImageTarget::Remote {
            url: "http://b.test/x.png".to_owned(),
            host: "b.test".to_owned()
        },
        alt: "i".to_owned(),
    }));
}

#[test]
fn only_the_open_block_is_read_again() {
    let mut markdown = Markdown::default();
    assert_eq!(markdown.grow("# a\n\nb\n\n"), 0);
    assert_eq!(markdown.grow("c"), 2);
    assert_eq!(markdown.grow("c\n"), 2);
    assert_eq!(markdown.grow("\n"), 3);
    assert_eq!(markdown.grow("- d\n"), 3);
    // What is before the open block is not looked at: this would be found out.
    markdown.blocks[0] = Block::Rule;
    assert_eq!(markdown.grow("- e\n"), 3);
    assert_eq!(markdown.blocks()[0], Block::Rule);
}

#[test]
fn a_definition_reaches_back() {
    let mut markdown = Markdown::default();
    markdown.grow("[a]\n\nb\n\n");
    assert_eq!(markdown.grow("[a]: http://a.test\n"), 0);
    assert_eq!(
        markdown.blocks()[0],
        Block::Paragraph(vec![Inline::Link(
            LinkTarget::Open("http://a.test".to_owned()),
            vec![text("a")]
        )])
    );
}

#[test]
fn nesting_without_bound_is_drawn_flat() {
    for unit in [
        ">", "- ", "*", "[", "1. ", "> - ", "**a", "![", "`", "<", "|",
    ] {
        let deep = unit.repeat(100_000);
        let blocks = whole(&deep);
        assert!(!blocks.is_empty(), "{unit}");
        drop(blocks);
    }
}

/// Pieces that are likely to meet in odd ways.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "\n",
        "\n",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        " ",
        "  ",
        "    ",
        "\t",
        "a",
        "b c",
        "#",
        "# ",
        "## h",
        "-",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "2) ",
        "10.",
        "> ",
        ">",
        "```",
        "```rs\n",
        "~~~",
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "---",
        "===",
        "--",
        "- - -",
        "***",
        "|",
        "|a|b|",
        "|-|-|",
        "|-",
        "-|-",
        ":-:",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "<script>",
        "<b>",
        "<",
        ">",
        "<br>",
        "[",
        "]",
        "[a]",
        "[a]: ",
        "[a]: /u",
        "](",
        "(http://a.test)",
        ")",
        "!",
        "!\u{5b}",
        "\"t\"",
        "'",
        "\\",
        "&amp;",
        "&#0;",
        "http://a.test",
        "<http://a.test>",
        "[ ] ",
        "[x] ",
        "\u{0}",
        "\u{feff}",
        "\u{200b}",
        "ü",
        "漢",
        "\u{85}",
        "\u{2028}",
        "$",
        "$$",
        ":::",
        "+++",
        "^1",
        "[^1]",
        "[^1]: ",
        "{#i}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_split_gives_the_blocks_of_the_whole(pieces in prop::collection::vec(piece(), 0..40), cuts in prop::collection::vec(0..400usize, 0..40)) {
        let all = pieces.concat();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| all.is_char_boundary(*cut) && *cut < all.len()).collect();
        cuts.push(all.len());
        cuts.sort_unstable();
        let mut markdown = Markdown::default();
        let mut drawn: Vec<Block> = Vec::new();
        let mut at = 0;
        for cut in cuts {
            let from = markdown.grow(&all[at..cut]);
            at = cut;
            // What a view keeps and what it draws again come to the blocks as they are.
            drawn.truncate(from);
            drawn.extend_from_slice(markdown.blocks().get(from..).unwrap_or_default());
            prop_assert_eq!(&drawn[..], markdown.blocks());
        }
        prop_assert_eq!(markdown.blocks(), &whole(&all)[..], "{:?}", all);
    }

    #[test]
    fn a_character_at_a_time_gives_the_blocks_of_the_whole(pieces in prop::collection::vec(piece(), 0..24)) {
        let all = pieces.concat();
        let mut markdown = Markdown::default();
        for c in all.chars() {
            markdown.grow(c.encode_utf8(&mut [0; 4]));
        }
        prop_assert_eq!(markdown.blocks(), &whole(&all)[..], "{:?}", all);
    }
}
