//! Sections: what the headings of a page part it into.

use std::ops::Range;

/// Of each heading the one that it stands below, and the lines of its section.
pub(super) struct Sections {
    parents: Vec<Option<usize>>,
    lines: Vec<Range<u32>>,
}

impl Sections {
    /// By level and line of each heading.
    pub(super) fn of(headings: &[(u8, u32)]) -> Sections {
        let mut sections = Sections { parents: Vec::with_capacity(headings.len()), lines: Vec::new() };
        sections.lines.extend(headings.iter().map(|(_, line)| *line..u32::MAX));
        let mut open: Vec<(usize, u8)> = Vec::new();
        for (index, (level, line)) in headings.iter().enumerate() {
            while let Some((closed, _)) = open.pop_if(|(_, above)| *above >= *level) {
                if let Some(lines) = sections.lines.get_mut(closed) {
                    lines.end = *line;
                }
            }
            sections.parents.push(open.last().map(|(above, _)| *above));
            open.push((index, *level));
        }
        sections
    }

    /// The lines of the section that a heading's own section is a part of: the page's, where it is a part of none.
    pub(super) fn around(&self, heading: usize) -> Range<u32> {
        let parent = self.parents.get(heading).copied().flatten();
        parent.and_then(|parent| self.lines.get(parent)).cloned().unwrap_or(0..u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Sections;
    use proptest::prelude::*;
    use std::ops::Range;

    /// By a search from the heading upwards and downwards.
    fn around(headings: &[(u8, u32)], heading: usize) -> Range<u32> {
        let (before, from) = headings.split_at(heading);
        let Some((parent, start)) = before.iter().rev().find(|(above, _)| *above < from[0].0).copied() else {
            return 0..u32::MAX;
        };
        start..from.iter().find(|(level, _)| *level <= parent).map_or(u32::MAX, |(_, line)| *line)
    }

    proptest! {
        #[test]
        fn a_section_is_a_part_of_the_one_above(levels in proptest::collection::vec(1..5_u8, 1..12)) {
            let headings: Vec<(u8, u32)> = levels.into_iter().zip((1..).step_by(3)).collect();
            let sections = Sections::of(&headings);
            for heading in 0..headings.len() {
                prop_assert_eq!(sections.around(heading), around(&headings, heading));
            }
        }
    }
}
