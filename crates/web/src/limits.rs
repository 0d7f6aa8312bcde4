//! How often one place may do something: a bucket that fills again with time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use jiff::Timestamp;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Reading pages.
    Read,
    /// Sending forms.
    Write,
    /// Attempts to sign in that failed: one that succeeds is given back.
    SignIn,
    /// Sending requests.
    Ask,
    /// Sending files.
    Upload,
    /// What programs with a key do.
    Program,
}

/// Who is limited.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Whoever comes from an address.
    Address(IpAddr),
    /// The program with a key, wherever it comes from.
    Key(String),
}

impl Group {
    /// The size of the bucket, and how many come back in a minute.
    fn allowance(self) -> (f64, f64) {
        match self {
            Self::Read => (3000.0, 3000.0),
            Self::Write => (300.0, 120.0),
            Self::SignIn => (30.0, 10.0),
            // A request takes eight steps, and all who read in a library may share its address.
            Self::Ask => (600.0, 240.0),
            Self::Upload => (30.0, 10.0),
            Self::Program => (600.0, 600.0),
        }
    }
}

/// More places than this are forgotten all at once: memory stays small whoever knocks.
const PLACES: usize = 20_000;

/// The buckets.
#[derive(Debug, Default)]
pub struct Limits {
    buckets: Mutex<HashMap<(Group, Place), (f64, Timestamp)>>,
}

impl Limits {
    /// Takes one from the bucket of a place; false when it is empty.
    pub fn take(&self, group: Group, place: Place, now: Timestamp) -> bool {
        let (size, a_minute) = group.allowance();
        let Ok(mut buckets) = self.buckets.lock() else {
            return false;
        };
        if buckets.len() > PLACES {
            buckets.clear();
        }
        let (level, since) = buckets.entry((group, place)).or_insert((size, now));
        let minutes = now.duration_since(*since).as_secs_f64().max(0.0) / 60.0;
        *level = (*level + minutes * a_minute).min(size);
        *since = now;
        if *level < 1.0 {
            return false;
        }
        *level -= 1.0;
        true
    }

    /// Puts back what was taken, where it doesn't count after all.
    pub fn give_back(&self, group: Group, place: Place) {
        let (size, _) = group.allowance();
        if let Ok(mut buckets) = self.buckets.lock()
            && let Some((level, _)) = buckets.get_mut(&(group, place))
        {
            *level = (*level + 1.0).min(size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn a_bucket_empties_and_fills_with_time_for_each_place_apart() {
        let limits = Limits::default();
        let now: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
        let here = || Place::Address("192.0.2.1".parse().unwrap());
        let there = || Place::Address("192.0.2.2".parse().unwrap());
        let allowed = (0..40)
            .filter(|_| limits.take(Group::SignIn, here(), now))
            .count();
        assert_eq!(allowed, 30);
        assert!(limits.take(Group::SignIn, there(), now));
        limits.give_back(Group::SignIn, here());
        assert!(
            limits.take(Group::SignIn, here(), now),
            "what is given back can be taken"
        );
        assert!(!limits.take(Group::SignIn, here(), now));
        let later = now.checked_add(SignedDuration::from_mins(1)).unwrap();
        let allowed = (0..40)
            .filter(|_| limits.take(Group::SignIn, here(), later))
            .count();
        assert_eq!(allowed, 10);
    }
}
