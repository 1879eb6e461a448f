//! [`PageLayout`]: the page of an object as a program lays it out.
//!
//! A page layout names fields and relationships; the store checks them when it is opened, and answers
//! `describeLayout` by it. It is of the program and not kept in the file. **Invariant:** it knows
//! nothing of objects: what it names is looked up in the store.

/// The page of an object, laid out by the program.
///
/// An object without one has a page made of its describe.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{PageLayout, PageSection, SObject, Store, standard::User};
///
/// let layout = PageLayout::new("User")
///     .section(PageSection::new("Who").fields(["Name", "Username"]).required("Email"))
///     .section(PageSection::new("System").one_column().read_only("CreatedById"));
/// let store = Store::builder().layout(layout).in_memory(&[User::OBJECT])?;
/// let described = store.system().describe_layout::<User>()?;
/// let section = &described.layouts[0].detail_layout_sections[0];
/// let labels: Vec<_> = section.layout_rows[0].layout_items.iter().map(|it| &it.label).collect();
/// assert_eq!(labels, [&Some("Full Name".into()), &Some("Username".into())]);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageLayout {
    pub(crate) object: String,
    pub(crate) sections: Vec<PageSection>,
    pub(crate) related_lists: Vec<PageRelatedList>,
}

impl PageLayout {
    /// An empty page of the object of this name.
    pub fn new(object: impl Into<String>) -> Self {
        Self { object: object.into(), sections: Vec::new(), related_lists: Vec::new() }
    }

    /// Adds a section below the others.
    #[must_use]
    pub fn section(mut self, section: PageSection) -> Self {
        self.sections.push(section);
        self
    }

    /// Adds a list of related records below the others.
    #[must_use]
    pub fn related_list(mut self, list: PageRelatedList) -> Self {
        self.related_lists.push(list);
        self
    }
}

/// A section of a [`PageLayout`]: a heading, and fields in two columns, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageSection {
    pub(crate) heading: String,
    pub(crate) columns: usize,
    pub(crate) is_top_to_bottom: bool,
    pub(crate) is_collapsed: bool,
    pub(crate) items: Vec<PageItem>,
}

/// What stands in a place of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageItem {
    Field { name: String, behavior: Behavior },
    Blank,
}

/// How a field behaves on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behavior {
    /// It can be edited, as far as its attributes and the caller's rights allow.
    Edit,
    /// It can be edited, and must have a value.
    Required,
    /// It is shown.
    ReadOnly,
}

impl PageSection {
    /// An empty section with this heading; without one if the text is empty.
    pub fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            columns: 2,
            is_top_to_bottom: false,
            is_collapsed: false,
            items: Vec::new(),
        }
    }

    /// Puts the fields into one column.
    #[must_use]
    pub fn one_column(mut self) -> Self {
        self.columns = 1;
        self
    }

    /// Fills the columns one after another, instead of row by row.
    #[must_use]
    pub fn top_to_bottom(mut self) -> Self {
        self.is_top_to_bottom = true;
        self
    }

    /// Has the section closed until somebody opens it.
    #[must_use]
    pub fn collapsed(mut self) -> Self {
        self.is_collapsed = true;
        self
    }

    /// Adds fields by their API names. Those that a create needs are required on the page too.
    #[must_use]
    pub fn fields<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        for name in names {
            self = self.item(name, Behavior::Edit);
        }
        self
    }

    /// Adds a field that must have a value on the page. Calls do not check that, as on the platform.
    #[must_use]
    pub fn required(self, name: impl Into<String>) -> Self {
        self.item(name, Behavior::Required)
    }

    /// Adds a field that the page shows and does not let anyone change. Calls may change it.
    #[must_use]
    pub fn read_only(self, name: impl Into<String>) -> Self {
        self.item(name, Behavior::ReadOnly)
    }

    /// Leaves a place empty.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.items.push(PageItem::Blank);
        self
    }

    pub(crate) fn item(mut self, name: impl Into<String>, behavior: Behavior) -> Self {
        self.items.push(PageItem::Field { name: name.into(), behavior });
        self
    }
}

/// A list on a [`PageLayout`]: the records of another object that refer to the one that is shown.
///
/// ```
/// use sobject_core::PageRelatedList;
///
/// // The last ten sessions of an agent.
/// let sessions = PageRelatedList::new("AgentSessions")
///     .columns(["Name", "LoginTime", "TimeInChats"])
///     .descending("LoginTime")
///     .limit(10);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRelatedList {
    pub(crate) relationship: String,
    pub(crate) columns: Vec<String>,
    pub(crate) sort: Vec<(String, bool)>,
    pub(crate) limit: u32,
}

impl PageRelatedList {
    /// The list of the children of a relationship, by its name in the parent's describe. It shows
    /// their names and the first fields that they have besides, up to five rows.
    pub fn new(relationship: impl Into<String>) -> Self {
        Self { relationship: relationship.into(), columns: Vec::new(), sort: Vec::new(), limit: 5 }
    }

    /// Adds columns by the API names of the child's fields.
    #[must_use]
    pub fn columns<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.columns.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Sorts by a field, the least first; a second one decides where the first is equal.
    #[must_use]
    pub fn ascending(mut self, name: impl Into<String>) -> Self {
        self.sort.push((name.into(), true));
        self
    }

    /// Sorts by a field, the greatest first.
    #[must_use]
    pub fn descending(mut self, name: impl Into<String>) -> Self {
        self.sort.push((name.into(), false));
        self
    }

    /// Shows so many rows at most.
    #[must_use]
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = rows;
        self
    }
}
