//! The name that was probably meant.

/// The most alike of `names`, or none when even that one is too different to be a slip of the keyboard.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Tried on misspellings of our own names: below it, suggestions look like guesses.
    const ALIKE: f64 = 0.6;
    // What is much longer than all names is like none of them, and finding that out letter by letter takes minutes.
    let names: Vec<&str> = names.into_iter().collect();
    let longest = names.iter().map(|candidate| candidate.len()).max()?;
    if name.len() > longest * 4 {
        return None;
    }
    let name = name.to_lowercase();
    names
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let names = ["userName", "userId", "emailAddress"];
        assert_eq!(nearest("UserID", names), Some("userId"));
        assert_eq!(nearest("usernmae", names), Some("userName"));
        assert_eq!(nearest("email", names), None);
        assert_eq!(nearest("qqqqqqqq", names), None);
        assert_eq!(nearest("anything", []), None);
        assert_eq!(nearest(&"userName".repeat(1_000_000), names), None);
    }
}
