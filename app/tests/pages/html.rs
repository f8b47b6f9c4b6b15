//! A page as a browser reads it.

use html5ever::driver::ParseOpts;
use html5ever::parse_document;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// The elements of a page in their order.
pub struct Html {
    elements: Vec<Element>,
}

/// One element with what is written on it and in it.
pub struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// Its own text and that of everything inside it, with single spaces.
    pub text: String,
    parent: Option<usize>,
    place: usize,
}

impl Html {
    pub fn parse(page: &str) -> Self {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
        let mut html = Html {
            elements: Vec::new(),
        };
        html.read(&dom.document, None);
        html
    }

    /// Every element that a selector names: `tag`, `#id`, `.class`, `[attribute]`, `[attribute=value]`, several of them
    /// without a space for one element, with a space for an element and something inside it.
    pub fn all(&self, selector: &str) -> Vec<&Element> {
        let parts: Vec<&str> = selector.split(' ').collect();
        let (last, around) = parts.split_last().expect("a selector names something");
        let found = self.elements.iter().filter(|element| element.is(last));
        found
            .filter(|element| self.is_inside(element, around))
            .collect()
    }

    /// The only such element.
    pub fn one(&self, selector: &str) -> &Element {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{selector}");
        found[0]
    }

    /// Those of `selector` that stand in `element`.
    pub fn inside(&self, element: &Element, selector: &str) -> Vec<&Element> {
        let mut found = self.all(selector);
        found.retain(|inner| {
            self.ancestors(inner)
                .any(|outer| outer.place == element.place)
        });
        found
    }

    fn is_inside(&self, element: &Element, around: &[&str]) -> bool {
        let mut wanted = around.iter().rev().peekable();
        for ancestor in self.ancestors(element) {
            match wanted.peek() {
                Some(part) if ancestor.is(part) => wanted.next(),
                Some(_) => continue,
                None => break,
            };
        }
        wanted.next().is_none()
    }

    fn ancestors<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        let next = |element: &&'a Element| element.parent.map(|place| &self.elements[place]);
        std::iter::successors(Some(element), next).skip(1)
    }

    /// Reads a node and what is in it, and returns its text.
    fn read(&mut self, node: &Handle, parent: Option<usize>) -> String {
        let (mut place, mut is_read) = (parent, true);
        match &node.data {
            NodeData::Text { contents } => return contents.borrow().to_string(),
            NodeData::Element { name, attrs, .. } => {
                let attributes = attrs.borrow();
                let attributes = attributes.iter().map(|attribute| {
                    (
                        attribute.name.local.to_string(),
                        attribute.value.to_string(),
                    )
                });
                place = Some(self.elements.len());
                is_read = !matches!(&*name.local, "script" | "style");
                self.elements.push(Element {
                    name: name.local.to_string(),
                    attributes: attributes.collect(),
                    text: String::new(),
                    parent,
                    place: self.elements.len(),
                });
            }
            _ => {}
        }
        let mut text = String::new();
        for child in node.children.borrow().iter() {
            text.push_str(&self.read(child, place));
        }
        if let (Some(place), NodeData::Element { .. }) = (place, &node.data) {
            let words: Vec<&str> = text.split_whitespace().collect();
            self.elements[place].text = words.join(" ");
        }
        if is_read { text } else { String::new() }
    }
}

impl Element {
    /// The value of an attribute; empty where it has none.
    pub fn get(&self, name: &str) -> &str {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(key, _)| key == name)
    }

    fn is(&self, part: &str) -> bool {
        // Values may hold dots and hashes: what is in brackets goes first.
        let (plain, brackets) = part.split_once('[').unwrap_or((part, ""));
        let fits = |condition: &str| match condition.split_once('=') {
            Some((name, value)) => self.has(name) && self.get(name) == value,
            None => self.has(condition),
        };
        let conditions = brackets.strip_suffix(']').unwrap_or(brackets);
        let is_conditioned = brackets.is_empty() || conditions.split("][").all(fits);
        let start = plain.find(['#', '.']).unwrap_or(plain.len());
        let (name, mut rest) = plain.split_at(start);
        let mut is_named = name.is_empty() || name == self.name;
        while !rest.is_empty() {
            let end = rest[1..].find(['#', '.']).map_or(rest.len(), |end| end + 1);
            let (word, next) = rest.split_at(end);
            is_named &= match word.split_at(1) {
                ("#", id) => self.get("id") == id,
                (_, class) => self.get("class").split(' ').any(|known| known == class),
            };
            rest = next;
        }
        is_named && is_conditioned
    }
}

#[test]
fn a_selector_names_elements_and_what_is_inside() {
    let html = Html::parse(
        "<div id=a class='x y'><p>one <b>two</b><input name='params[p.from]' required></div><p>three",
    );
    assert_eq!(html.one("#a.y p").text, "one two");
    assert_eq!(html.all("p").len(), 2);
    assert_eq!(html.all("div.x.z p").len(), 0);
    assert!(
        html.one("input[name=params[p.from]][required]")
            .has("required")
    );
    assert_eq!(html.inside(html.one("div"), "b").len(), 1);
    assert_eq!(html.all("div [name=other]").len(), 0);
}
