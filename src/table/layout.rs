//! Where in an entry each data type of a table lies.

use super::data::{Class, Data};
use super::rate::RATE_WORDS;

/// The data types of one table, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    columns: Vec<Column>,
    words: usize,
}

/// One data type of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub data: Data,
    /// Elements of an array; 1 for everything else.
    pub elements: usize,
    /// Milliseconds, of rates.
    pub period_ms: u64,
    first_word: usize,
}

/// One value within an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub(super) word: usize,
    pub(super) class: Class,
    pub(super) period_ms: u64,
}

impl Layout {
    /// Lays out these data types with their number of elements and period.
    #[must_use]
    pub fn new(stored: &[(Data, usize, u64)]) -> Self {
        let mut stored = stored.to_vec();
        stored.sort_by_key(|(data, ..)| *data);
        stored.dedup_by_key(|(data, ..)| *data);
        let mut layout = Self::default();
        for (data, elements, period_ms) in stored {
            let first_word = layout.words;
            layout.words += elements * words(data.class());
            layout.columns.push(Column { data, elements, period_ms, first_word });
        }
        layout
    }

    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of exactly this data type.
    #[must_use]
    pub fn column(&self, data: Data) -> Option<&Column> {
        self.columns.iter().find(|column| column.data == data)
    }

    /// Where a data type lies; `gpc0` and its like may be the first elements of an array.
    #[must_use]
    pub fn find(&self, data: Data) -> Option<Position> {
        if let Some(column) = self.column(data) {
            return column.element(0);
        }
        let (array, element) = data.in_array()?;
        self.column(array)?.element(element)
    }

    /// Where an element of an array lies, if it is stored.
    #[must_use]
    pub fn element(&self, array: Data, element: usize) -> Option<Position> {
        self.column(array)?.element(element)
    }

    /// Words of 64 bits in an entry.
    pub(super) fn words(&self) -> usize {
        self.words
    }
}

impl Column {
    #[must_use]
    pub fn element(&self, element: usize) -> Option<Position> {
        let class = self.data.class();
        (element < self.elements).then(|| Position {
            word: self.first_word + element * words(class),
            class,
            period_ms: self.period_ms,
        })
    }
}

fn words(class: Class) -> usize {
    match class {
        Class::Number | Class::Long => 1,
        Class::Rate => RATE_WORDS,
        // A text lies beside the words.
        Class::Text => 0,
    }
}
