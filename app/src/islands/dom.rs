//! Elements of the document.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::NodeList;

/// The elements of a list that are of this kind.
pub(super) fn elements<E: JsCast>(list: Result<NodeList, JsValue>) -> impl Iterator<Item = E> {
    let list = list.ok();
    let count = list.as_ref().map_or(0, NodeList::length);
    (0..count).filter_map(move |index| list.as_ref()?.get(index)?.dyn_into().ok())
}
