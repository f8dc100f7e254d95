//! Where the boxes of the diagram stand: in columns, each model to the right of those that it refers to, in an order that
//! keeps lines short. The same schema is always laid out alike.

/// Between columns, where the lines run.
const GAP_X: usize = 90;
/// Between boxes of a column.
pub(crate) const GAP_Y: usize = 28;
/// How often the order in the columns is improved, there and back.
const SWEEPS: usize = 8;

/// One model refers to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The left upper corner of each box, whose widths and heights are given.
pub(crate) fn place(sizes: &[(usize, usize)], edges: &[Edge]) -> Vec<(usize, usize)> {
    let layers = layers(sizes.len(), edges);
    let mut columns = columns(sizes, &layers);
    order(&mut columns, sizes, edges);
    let tallest = columns.iter().map(|column| height(column, sizes)).max().unwrap_or(0);
    let mut places = vec![(0, 0); sizes.len()];
    let mut x = 0;
    for column in &columns {
        let mut y = (tallest - height(column, sizes)) / 2;
        for &one in column {
            places[one] = (x, y);
            y += sizes[one].1 + GAP_Y;
        }
        x += column.iter().map(|&one| sizes[one].0).max().unwrap_or(0) + GAP_X;
    }
    places
}

/// 0 for what refers to nothing, else one more than the highest of what it refers to. Of a cycle, the reference that
/// closes it does not count.
fn layers(count: usize, edges: &[Edge]) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done(usize),
    }
    /// What one refers to, and how far that has been followed.
    type Frame = (usize, usize, usize);

    let mut parents: Vec<Vec<usize>> = vec![Vec::new(); count];
    for edge in edges {
        parents[edge.from].push(edge.to);
    }
    let mut states = vec![State::New; count];
    for root in 0..count {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        // A stack of its own: chains of models may be longer than that of the program.
        let mut stack: Vec<Frame> = vec![(root, 0, 0)];
        while let Some((one, next, layer)) = stack.last_mut() {
            let Some(&parent) = parents[*one].get(*next) else {
                states[*one] = State::Done(*layer);
                stack.pop();
                continue;
            };
            match states[parent] {
                State::New => {
                    states[parent] = State::Open;
                    stack.push((parent, 0, 0));
                }
                State::Open => *next += 1,
                State::Done(above) => {
                    *layer = (*layer).max(above + 1);
                    *next += 1;
                }
            }
        }
    }
    states.iter().map(|state| if let State::Done(layer) = state { *layer } else { 0 }).collect()
}

/// Layers become columns; one that would be much taller than the picture is wide becomes several.
fn columns(sizes: &[(usize, usize)], layers: &[usize]) -> Vec<Vec<usize>> {
    let area: usize = sizes.iter().map(|(w, h)| (w + GAP_X) * (h + GAP_Y)).sum();
    let tallest = sizes.iter().map(|(_, height)| *height).max().unwrap_or(0);
    let most = area.isqrt().max(tallest);
    let mut columns = Vec::new();
    for layer in 0..=layers.iter().copied().max().unwrap_or(0) {
        let members: Vec<usize> = (0..sizes.len()).filter(|&one| layers[one] == layer).collect();
        let parts = height(&members, sizes).div_ceil(most.max(1)).max(1);
        let share = height(&members, sizes) / parts;
        let mut column: Vec<usize> = Vec::new();
        for one in members {
            let is_full = height(&column, sizes) + sizes[one].1 / 2 > share;
            if is_full && !column.is_empty() {
                columns.push(std::mem::take(&mut column));
            }
            column.push(one);
        }
        if !column.is_empty() {
            columns.push(column);
        }
    }
    columns
}

fn height(column: &[usize], sizes: &[(usize, usize)]) -> usize {
    let heights: usize = column.iter().map(|&one| sizes[one].1).sum();
    heights + GAP_Y * column.len().saturating_sub(1)
}

/// Moves each box of a column towards the middle of its neighbours in other columns, there and back.
fn order(columns: &mut [Vec<usize>], sizes: &[(usize, usize)], edges: &[Edge]) {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    for edge in edges.iter().filter(|edge| edge.from != edge.to) {
        neighbours[edge.from].push(edge.to);
        neighbours[edge.to].push(edge.from);
    }
    let mut middles = vec![0; sizes.len()];
    for column in columns.iter() {
        settle(column, sizes, &mut middles);
    }
    for sweep in 0..SWEEPS {
        let mut there: Vec<usize> = (0..columns.len()).collect();
        if sweep % 2 == 1 {
            there.reverse();
        }
        for at in there {
            let column = &mut columns[at];
            let wish = |one: usize| -> usize {
                let near = &neighbours[one];
                if near.is_empty() {
                    return middles[one];
                }
                near.iter().map(|&other| middles[other]).sum::<usize>() / near.len()
            };
            // Stable, so that equals stay as the schema has them.
            column.sort_by_key(|&one| wish(one));
            let column = column.clone();
            settle(&column, sizes, &mut middles);
        }
    }
}

/// Where the boxes of a column have their middles, the column's own being at a fixed place.
fn settle(column: &[usize], sizes: &[(usize, usize)], middles: &mut [usize]) {
    const CENTRE: usize = 1 << 30;
    let mut y = CENTRE - height(column, sizes) / 2;
    for &one in column {
        middles[one] = y + sizes[one].1 / 2;
        y += sizes[one].1 + GAP_Y;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(usize, usize)]) -> Vec<Edge> {
        pairs.iter().map(|&(from, to)| Edge { from, to }).collect()
    }

    #[test]
    fn models_stand_right_of_what_they_refer_to() {
        assert_eq!(layers(4, &edges(&[(1, 0), (2, 1), (2, 0), (3, 3)])), [0, 1, 2, 0]);
    }

    #[test]
    fn cycles_end() {
        let layers = layers(3, &edges(&[(0, 1), (1, 2), (2, 0)]));
        assert_eq!(layers, [2, 1, 0]);
    }

    #[test]
    fn long_chains_do_not_overflow() {
        let chain: Vec<(usize, usize)> = (1..100_000).map(|one| (one, one - 1)).collect();
        assert_eq!(layers(100_000, &edges(&chain))[99_999], 99_999);
    }

    #[test]
    fn boxes_never_overlap() {
        let sizes: Vec<(usize, usize)> =
            (0..60).map(|one| (100 + one * 7 % 90, 60 + one * 37 % 400)).collect();
        let edges: Vec<Edge> = (1..60).map(|one| Edge { from: one, to: one * 13 % one }).collect();
        let places = place(&sizes, &edges);
        for a in 0..60 {
            for b in 0..a {
                let apart = |a: usize, a_size: usize, b: usize, b_size: usize| {
                    a + a_size <= b || b + b_size <= a
                };
                assert!(
                    apart(places[a].0, sizes[a].0, places[b].0, sizes[b].0)
                        || apart(places[a].1, sizes[a].1, places[b].1, sizes[b].1),
                    "{a} and {b}"
                );
            }
        }
    }
}
