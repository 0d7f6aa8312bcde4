//! How far two spellings of a word are apart.

/// How many letters must be changed, added, left out or swapped with their neighbour; more than `most` is `most + 1`.
pub(crate) fn distance(one: &str, other: &str, most: usize) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return most.saturating_add(1);
    }
    let width = other.len().saturating_add(1);
    let mut before_last: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i.saturating_add(1); width];
        let mut least = usize::MAX;
        for (j, b) in other.iter().enumerate() {
            let mut cost = get(&last, j)
                .saturating_add(usize::from(a != b))
                .min(get(&last, j.saturating_add(1)).saturating_add(1))
                .min(get(&row, j).saturating_add(1));
            let swapped = i.checked_sub(1).and_then(|i| one.get(i)) == Some(b)
                && j.checked_sub(1).and_then(|j| other.get(j)) == Some(a)
                && i > 0
                && j > 0;
            if swapped {
                cost = cost.min(get(&before_last, j.saturating_sub(1)).saturating_add(1));
            }
            if let Some(place) = row.get_mut(j.saturating_add(1)) {
                *place = cost;
            }
            least = least.min(cost);
        }
        if least > most {
            return most.saturating_add(1);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    get(&last, other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_changed_lost_and_swapped_are_counted() {
        for (one, other, expected) in [
            ("platform", "platofrm", 1),
            ("bailiff", "bailif", 1),
            ("maintenance", "maintneance", 1),
            ("lift", "loft", 1),
            ("abc", "abc", 0),
            ("parking", "banking", 2),
        ] {
            assert_eq!(distance(one, other, 2), expected, "{one} {other}");
        }
        assert_eq!(distance("waste", "telephony", 2), 3);
    }
}
