//! What is wrong with a notice.
use super::elements::Facts;
use super::reading::Reading;
use super::{Element, Finding, Sources};
pub(super) fn findings(
    _reading: &Reading<'_>,
    _facts: &Facts,
    _elements: &[Element],
    _sources: &Sources<'_>,
) -> Vec<Finding> {
    Vec::new()
}
