//! The 128-bit hash of a row's content.

use crate::record::Cell;

/// Hashes rows over all their columns, by the canonical bytes of their cells.
///
/// The canonical bytes of a row are, for each column in ascending order of name, unless its cell is absent: the
/// name's bytes after their number, one byte for the state of the cell (1 empty, 2 cleared, 3 text), and for
/// text its bytes after their number; the numbers are 64 bits, little-endian. The length prefixes make the
/// bytes of different rows different. The hash is `MurmurHash3_x64_128` (Appleby, 2011) with seed 0.
#[derive(Debug, Default)]
pub(super) struct Fingerprint {
    bytes: Vec<u8>,
}

impl Fingerprint {
    /// The hash of cells that come in ascending order of their columns' names, with the [`canonical`] bytes of these.
    pub(super) fn row<'n, 'c>(&mut self, cells: impl IntoIterator<Item = (&'n [u8], Cell<'c>)>) -> u128 {
        self.bytes.clear();
        for (name, cell) in cells {
            let (state, text) = match cell {
                Cell::Absent => continue,
                Cell::Empty => (1, None),
                Cell::Cleared => (2, None),
                Cell::Value(text) => (3, Some(text)),
            };
            self.bytes.extend_from_slice(name);
            self.bytes.push(state);
            if let Some(text) = text {
                push(&mut self.bytes, text);
            }
        }
        murmur3(&self.bytes)
    }
}

/// The canonical bytes of a column's name, which are the same for all rows.
pub(super) fn canonical(name: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(name.len() + size_of::<u64>());
    push(&mut bytes, name);
    bytes
}

fn push(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

fn murmur3(bytes: &[u8]) -> u128 {
    let (mut h1, mut h2) = (0_u64, 0_u64);
    let (blocks, tail) = bytes.as_chunks::<16>();
    for block in blocks {
        let (k1, k2) = halves(block);
        h1 ^= mix_first(k1);
        h1 = h1.rotate_left(27).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x52dc_e729);
        h2 ^= mix_second(k2);
        h2 = h2.rotate_left(31).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }
    let mut block = [0; 16];
    for (slot, &byte) in block.iter_mut().zip(tail) {
        *slot = byte;
    }
    let (k1, k2) = halves(&block);
    h2 ^= mix_second(k2);
    h1 ^= mix_first(k1);
    h1 ^= bytes.len() as u64;
    h2 ^= bytes.len() as u64;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = avalanche(h1);
    h2 = avalanche(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    (u128::from(h1) << 64) | u128::from(h2)
}

fn halves(block: &[u8; 16]) -> (u64, u64) {
    let both = u128::from_le_bytes(*block);
    (both as u64, (both >> 64) as u64)
}

fn mix_first(k: u64) -> u64 {
    k.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

fn mix_second(k: u64) -> u64 {
    k.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

fn avalanche(mut k: u64) -> u64 {
    k ^= k >> 33;
    k = k.wrapping_mul(0xff51_afd7_ed55_8ccd);
    k ^= k >> 33;
    k = k.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ (k >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hashes() {
        let cases: [(&str, u128); 3] = [
            ("", 0),
            ("hello", 0xcbd8_a7b3_41bd_9b02_5b1e_906a_48ae_1d19),
            ("The quick brown fox jumps over the lazy dog", 0xe34b_bc7b_bc07_1b6c_7a43_3ca9_c49a_9347),
        ];
        for (text, expected) in cases {
            assert_eq!(murmur3(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn rows_that_differ_in_boundaries_names_or_states_differ() {
        let rows: [&[(&str, Cell<'_>)]; 7] = [
            &[("a", Cell::Value("bc")), ("d", Cell::Value("e"))],
            &[("a", Cell::Value("b")), ("d", Cell::Value("ce"))],
            &[("a", Cell::Value("b")), ("e", Cell::Value("ce"))],
            &[("a", Cell::Empty)],
            &[("a", Cell::Cleared)],
            &[("a", Cell::Value(""))],
            &[("b", Cell::Empty)],
        ];
        let hash = |row: &[(&str, Cell<'_>)]| {
            let names: Vec<Vec<u8>> = row.iter().map(|(name, _)| canonical(name)).collect();
            let cells = row.iter().map(|(_, cell)| *cell);
            Fingerprint::default().row(names.iter().map(Vec::as_slice).zip(cells))
        };
        let hashes: std::collections::BTreeSet<u128> = rows.iter().map(|row| hash(row)).collect();
        assert_eq!(hashes.len(), rows.len());
        assert_eq!(hash(&[("a", Cell::Absent), ("b", Cell::Empty)]), hash(&[("b", Cell::Empty)]));
    }
}
