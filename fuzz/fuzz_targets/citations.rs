//! The citation parser on any text: no panic, spans on character boundaries, and a provision that reads back as itself.
#![no_main]

use law::{Provision, find_bare_citations, find_citations};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for citation in find_citations(text).into_iter().chain(find_bare_citations(text)) {
        assert!(text.get(citation.span.clone()).is_some_and(|words| !words.is_empty()));
        let printed = citation.provision.to_string();
        let again: Provision = printed.parse().expect("a printed provision can be read");
        assert_eq!(again, citation.provision);
    }
    if let Ok(provision) = text.parse::<Provision>() {
        assert_eq!(provision.to_string().parse::<Provision>().as_ref(), Ok(&provision));
    }
});
