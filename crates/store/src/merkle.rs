//! The Merkle tree of RFC 9162 section 2.1 with SHA-256, grown leaf by leaf.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The hash of a leaf.
#[must_use]
pub fn leaf(data: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(data);
    hash.finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// The full subtrees of a tree, largest first: enough to go on growing it and to tell its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut new = leaf;
        // One subtree of each size whose bit is set; equal sizes merge.
        let mut bits = self.size;
        while bits & 1 == 1 {
            if let Some(left) = self.subtrees.pop() {
                new = node(&left, &new);
            }
            bits >>= 1;
        }
        self.subtrees.push(new);
        self.size = self.size.saturating_add(1);
    }

    /// The root; that of no leaves is the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.subtrees
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node(&left, &right))
            .unwrap_or_else(|| Sha256::digest([]).into())
    }

    /// As bytes to store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.subtrees.concat()
    }

    /// The frontier of a tree of this size from its stored bytes; `None` when they don't fit.
    #[must_use]
    pub fn of_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (subtrees, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && subtrees.len() == size.count_ones() as usize;
        fits.then(|| Self {
            size,
            subtrees: subtrees.to_vec(),
        })
    }
}

/// The hashes that prove leaf `index` of `leaves`, nearest first, RFC 9162 section 2.1.3.1. Empty when there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() <= 1 || index >= leaves.len() {
        return Vec::new();
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut proof, beside) = if index < middle {
        (inclusion_proof(left, index), right)
    } else {
        (inclusion_proof(right, index.saturating_sub(middle)), left)
    };
    proof.push(root(beside));
    proof
}

/// The root of these leaves.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.push(*leaf);
    }
    frontier.root()
}

/// The root that a proof leads to from leaf `index` of a tree of `size`; `None` when it has the wrong length.
#[must_use]
pub fn root_of_proof(leaf: Hash, index: u64, size: u64, proof: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut at, mut last) = (index, size.saturating_sub(1));
    let mut hash = leaf;
    for beside in proof {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            hash = node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 9162 section 2.1.1, word for word.
    fn by_definition(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [only] => leaf(only),
            _ => {
                let mut k = 1;
                while k * 2 < leaves.len() {
                    k *= 2;
                }
                node(&by_definition(&leaves[..k]), &by_definition(&leaves[k..]))
            }
        }
    }

    #[test]
    fn grown_trees_have_the_root_of_the_definition_and_every_leaf_its_proof() {
        let data: Vec<Vec<u8>> = (0_u16..70).map(|n| n.to_be_bytes().to_vec()).collect();
        for size in 0..data.len() {
            let part = &data[..size];
            let leaves: Vec<Hash> = part.iter().map(|data| leaf(data)).collect();
            let expected = by_definition(part);
            assert_eq!(root(&leaves), expected);
            for index in 0..size {
                let proof = inclusion_proof(&leaves, index);
                let led = |leaf, index: usize, proof: &[Hash]| {
                    root_of_proof(leaf, index as u64, size as u64, proof)
                };
                assert_eq!(led(leaves[index], index, &proof), Some(expected));
                // A proof of something else leads elsewhere or nowhere.
                assert_ne!(led(leaf(b"other"), index, &proof), Some(expected));
                if size > 1 {
                    assert_ne!(
                        led(leaves[index], (index + 1) % size, &proof),
                        Some(expected)
                    );
                    assert_ne!(led(leaves[index], index, &proof[1..]), Some(expected));
                }
            }
        }
    }

    #[test]
    fn a_published_vector_holds() {
        // The test vectors of Certificate Transparency: the root of the first eight leaves.
        let leaves: Vec<Hash> = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]
        .iter()
        .map(|hex| {
            let bytes: Vec<u8> = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect();
            leaf(&bytes)
        })
        .collect();
        assert_eq!(
            casework::applicant::hex(&root(&leaves)),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    #[test]
    fn a_frontier_goes_on_from_its_stored_bytes() {
        let leaves: Vec<Hash> = (0_u16..40).map(|n| leaf(&n.to_be_bytes())).collect();
        for cut in 0..leaves.len() {
            let mut first = Frontier::default();
            leaves[..cut].iter().for_each(|leaf| first.push(*leaf));
            let mut again = Frontier::of_bytes(first.size(), &first.to_bytes()).unwrap();
            assert_eq!(again, first);
            leaves[cut..].iter().for_each(|leaf| again.push(*leaf));
            assert_eq!(again.root(), root(&leaves));
        }
        assert_eq!(Frontier::of_bytes(3, &[0; 32]), None);
        assert_eq!(Frontier::of_bytes(1, &[0; 33]), None);
    }
}
