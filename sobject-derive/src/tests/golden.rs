/// What a create of [`Invoice`] may set. `InvoiceCreate::new` takes what is required: `payer_id`, `subject`. The other fields say what leaving them out means.
#[allow(private_interfaces)]
#[derive(user::Hash)]
pub struct InvoiceCreate {
    /// Who has to pay.
    ///
    /// Required.
    pub payer_id: user::Id<user::Account>,
    /// `Amount__c` (Amount Due).
    ///
    /// Optional: `None` leaves it null. At most 9 digits.
    pub amount: user::Option<user::Int>,
    /// `OwnerId` (Owner ID).
    ///
    /// Optional: the caller is the owner if this is `None`.
    pub(crate) owner_id: ::sobject_core::__private::Option<
        user::Ref<(user::Group, user::User)>,
    >,
    /// `Usual__c` (Usual).
    ///
    /// Optional: the store supplies the value if this is `Patch::Keep`, and `Patch::NULL` makes it null.
    r#type: ::sobject_core::__private::Patch<user::Option<user::Flag>>,
    /// `Subject__c` (Subject).
    ///
    /// Required. At most 80 characters.
    subject: user::Text,
    /// `Phase__c` (Phase).
    ///
    /// Optional: it is `Open` if this is `None`.
    phase: ::sobject_core::__private::Option<user::Phase>,
    /// `Tax__c` (Tax).
    ///
    /// Optional: `None` leaves it null. It has precision 16 and scale 2.
    tax: user::Option<user::Decimal>,
}
impl InvoiceCreate {
    /// A create with the required fields, and nothing else set. [`InvoiceRequired`] takes them by name.
    #[must_use]
    #[allow(dead_code)]
    pub fn new(payer_id: user::Id<user::Account>, subject: user::Text) -> Self {
        Self {
            payer_id,
            amount: <<user::Option<
                user::Int,
            > as ::sobject_core::__private::FieldValue>::Empty as ::sobject_core::__private::MayBeNull<
                user::Option<user::Int>,
            >>::null(),
            owner_id: ::sobject_core::__private::None,
            r#type: ::sobject_core::__private::Patch::Keep,
            subject,
            phase: ::sobject_core::__private::None,
            tax: <<user::Option<
                user::Decimal,
            > as ::sobject_core::__private::FieldValue>::Empty as ::sobject_core::__private::MayBeNull<
                user::Option<user::Decimal>,
            >>::null(),
        }
    }
}
/// The fields of [`Invoice`] that an update sets. No call takes it: [`Invoice`] does not support `update`.
#[allow(private_interfaces)]
pub struct InvoiceUpdate {
    /// Who has to pay.
    ///
    /// `Patch::Keep` leaves it. It cannot be null.
    pub payer_id: ::sobject_core::__private::Patch<user::Id<user::Account>>,
    /// `Amount__c` (Amount Due).
    ///
    /// `Patch::Keep` leaves it, and `Patch::NULL` makes it null. At most 9 digits.
    pub amount: ::sobject_core::__private::Patch<user::Option<user::Int>>,
}
/// The fields of [`Invoice`], for filters and orders: `Invoice::FIELDS` has them all, and the system fields such as `created_date` beside them.
#[allow(dead_code)]
pub struct InvoiceFields {
    /// `PayerId__c` (Payer ID): filter, group, sort.
    pub payer_id: ::sobject_core::__private::Field<
        Invoice,
        user::Id<user::Account>,
        ::sobject_core::__private::Yes,
        ::sobject_core::__private::Yes,
        ::sobject_core::__private::Yes,
    >,
    /// `Amount__c` (Amount Due).
    pub amount: ::sobject_core::__private::Field<
        Invoice,
        user::Option<user::Int>,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
    /// `OwnerId` (Owner ID).
    pub(crate) owner_id: ::sobject_core::__private::Field<
        Invoice,
        user::Ref<(user::Group, user::User)>,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
    /// `Usual__c` (Usual).
    r#type: ::sobject_core::__private::Field<
        Invoice,
        user::Option<user::Flag>,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
    /// `Subject__c` (Subject).
    subject: ::sobject_core::__private::Field<
        Invoice,
        user::Text,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
    /// `Phase__c` (Phase).
    phase: ::sobject_core::__private::Field<
        Invoice,
        user::Phase,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
    /// `Tax__c` (Tax).
    tax: ::sobject_core::__private::Field<
        Invoice,
        user::Option<user::Decimal>,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
    /// `Name`: filter.
    pub name: ::sobject_core::__private::Field<
        Invoice,
        user::Text,
        ::sobject_core::__private::Yes,
        ::sobject_core::__private::No,
        ::sobject_core::__private::No,
    >,
}
impl Invoice {
    /// The fields of `Invoice`, for filters and orders, as [`InvoiceFields`]. What a create takes is [`InvoiceCreate`], and what an update takes [`InvoiceUpdate`].
    #[allow(dead_code)]
    pub const FIELDS: InvoiceFields = InvoiceFields {
        payer_id: ::sobject_core::__private::Field::declared(0),
        amount: ::sobject_core::__private::Field::declared(1),
        owner_id: ::sobject_core::__private::Field::declared(2),
        r#type: ::sobject_core::__private::Field::declared(3),
        subject: ::sobject_core::__private::Field::declared(4),
        phase: ::sobject_core::__private::Field::declared(5),
        tax: ::sobject_core::__private::Field::declared(6),
        name: ::sobject_core::__private::Field::declared(7),
    };
}
/// What a create of [`Invoice`] requires, by name: `InvoiceCreate { .., ..InvoiceRequired { .. }.into() }`, or `InvoiceCreate::from(InvoiceRequired { .. })` with nothing else set.
#[allow(dead_code, private_interfaces)]
pub struct InvoiceRequired {
    /// Who has to pay.
    pub payer_id: user::Id<user::Account>,
    /// `Subject__c` (Subject).
    ///
    /// At most 80 characters.
    subject: user::Text,
}
const _: () = {
    use ::sobject_core::__private as __so;
    const _: fn() = || {
        let _ = <<<user::Id<
            user::Account,
        > as __so::FieldValue>::Empty as __so::MustNotBeNull<
            user::Id<user::Account>,
        >>::Empty as __so::HasNoDefault<user::Id<user::Account>>>::OK;
        let _ = <__so::Spanned<
            <user::Id<user::Account> as __so::FieldValue>::Kind,
        > as __so::HasRelationship<user::Id<user::Account>>>::OK;
        let _ = <__so::Spanned<
            <user::Id<user::Account> as __so::FieldValue>::Kind,
        > as __so::MayFilter<user::Id<user::Account>>>::OK;
        let _ = <__so::Spanned<
            <user::Id<user::Account> as __so::FieldValue>::Kind,
        > as __so::MayGroup<user::Id<user::Account>>>::OK;
        let _ = <__so::Spanned<
            <user::Id<user::Account> as __so::FieldValue>::Kind,
        > as __so::MaySort<user::Id<user::Account>>>::OK;
        let _ = <<user::Id<
            user::Account,
        > as __so::FieldValue>::Kind as __so::IsUnrestricted<
            user::Id<user::Account>,
        >>::OK;
        let _ = <<user::Option<
            user::Int,
        > as __so::FieldValue>::Empty as __so::MayBeNull<user::Option<user::Int>>>::null;
        let _ = <__so::Spanned<
            <user::Option<user::Int> as __so::FieldValue>::Kind,
        > as __so::HasDigits<user::Option<user::Int>>>::OK;
        let _ = <<user::Option<
            user::Int,
        > as __so::FieldValue>::Kind as __so::IsUnrestricted<
            user::Option<user::Int>,
        >>::OK;
        let _ = <<user::Ref<
            (user::Group, user::User),
        > as __so::FieldValue>::Empty as __so::MustNotBeNull<
            user::Ref<(user::Group, user::User)>,
        >>::OK;
        let _ = <<user::Ref<
            (user::Group, user::User),
        > as __so::FieldValue>::Kind as __so::IsUnrestricted<
            user::Ref<(user::Group, user::User)>,
        >>::OK;
        let _ = <<user::Option<
            user::Flag,
        > as __so::FieldValue>::Empty as __so::MayBeNull<
            user::Option<user::Flag>,
        >>::null;
        let _ = <__so::Spanned<
            <user::Option<user::Flag> as __so::FieldValue>::Preset,
        > as __so::HasDefault<user::Option<user::Flag>>>::OK;
        let _ = <<user::Option<
            user::Flag,
        > as __so::FieldValue>::Kind as __so::IsUnrestricted<
            user::Option<user::Flag>,
        >>::OK;
        let _ = <<<user::Text as __so::FieldValue>::Empty as __so::MustNotBeNull<
            user::Text,
        >>::Empty as __so::HasNoDefault<user::Text>>::OK;
        let _ = <__so::Spanned<
            <user::Text as __so::FieldValue>::Kind,
        > as __so::HasLength<user::Text>>::OK;
        let _ = <__so::Spanned<
            <user::Text as __so::FieldValue>::Kind,
        > as __so::MayBeUnique<user::Text>>::OK;
        let _ = <__so::Spanned<
            <user::Text as __so::FieldValue>::Kind,
        > as __so::MayBeExternalId<user::Text>>::OK;
        let _ = <<user::Text as __so::FieldValue>::Kind as __so::IsUnrestricted<
            user::Text,
        >>::OK;
        let _ = <<user::Phase as __so::FieldValue>::Empty as __so::MustNotBeNull<
            user::Phase,
        >>::OK;
        let _ = <__so::Spanned<
            <__so::Spanned<
                <user::Phase as __so::FieldValue>::Kind,
            > as __so::TakesDefault<user::Phase>>::Kind,
        > as __so::DefaultIsText<user::Phase>>::OK;
        let _ = <__so::Spanned<
            <user::Phase as __so::FieldValue>::Preset,
        > as __so::IsOnlyDefault<user::Phase>>::OK;
        let _ = <__so::Spanned<
            <user::Phase as __so::FieldValue>::Kind,
        > as __so::IsRestricted<user::Phase>>::OK;
        let _ = <<user::Option<
            user::Decimal,
        > as __so::FieldValue>::Empty as __so::MayBeNull<
            user::Option<user::Decimal>,
        >>::null;
        let _ = <__so::Spanned<
            <user::Option<user::Decimal> as __so::FieldValue>::Kind,
        > as __so::HasScale<user::Option<user::Decimal>>>::OK;
        let _ = <__so::Spanned<
            <user::Option<user::Decimal> as __so::FieldValue>::Kind,
        > as __so::IsDecimal<user::Option<user::Decimal>>>::OK;
        let _ = <<user::Option<
            user::Decimal,
        > as __so::FieldValue>::Kind as __so::IsUnrestricted<
            user::Option<user::Decimal>,
        >>::OK;
        let _ = <<user::Text as __so::FieldValue>::Kind as __so::Autonumber<
            user::Text,
        >>::OK;
    };
    const _: () = __so::assert_owner(
        <user::Ref<(user::Group, user::User)> as __so::FieldValue>::REFERENCES,
    );
    const _: () = __so::assert_listed(
        <user::Phase as __so::FieldValue>::PICKLIST,
        "Open",
    );
    #[automatically_derived]
    impl __so::SObject for Invoice {
        const NAME: &'static str = "Invoice__c";
        const KEY_PREFIX: &'static str = "a00";
        const OBJECT: &'static __so::Definition = &__so::Definition::new("Invoice__c")
            .label("Invoice", "Invoices")
            .key_prefix("a00")
            .since(28)
            .calls(__so::Calls::NONE.create().query())
            .system(__so::System::NONE.created_date())
            .audit_fields()
            .fields(
                &[
                    <user::Id<user::Account> as __so::FieldValue>::DEFINITION
                        .name("PayerId__c")
                        .label("Payer ID")
                        .create()
                        .update()
                        .filter()
                        .group()
                        .sort()
                        .relationship("Payer__r"),
                    <user::Option<user::Int> as __so::FieldValue>::DEFINITION
                        .name("Amount__c")
                        .label("Amount Due")
                        .create()
                        .update()
                        .nillable()
                        .digits(9)
                        .default_relationship("Amount__r"),
                    <user::Ref<
                        (user::Group, user::User),
                    > as __so::FieldValue>::DEFINITION
                        .name("OwnerId")
                        .label("Owner ID")
                        .create()
                        .defaulted_on_create()
                        .default_relationship("Owner"),
                    <user::Option<user::Flag> as __so::FieldValue>::DEFINITION
                        .name("Usual__c")
                        .label("Usual")
                        .create()
                        .nillable()
                        .defaulted_on_create()
                        .default_relationship("Usual__r"),
                    <user::Text as __so::FieldValue>::DEFINITION
                        .name("Subject__c")
                        .label("Subject")
                        .create()
                        .external_id()
                        .unique()
                        .id_lookup()
                        .length(80)
                        .default_relationship("Subject__r"),
                    <user::Phase as __so::FieldValue>::DEFINITION
                        .name("Phase__c")
                        .label("Phase")
                        .create()
                        .restricted()
                        .help("How far it is")
                        .was(&["Status", "State"])
                        .default(__so::DefaultValue::Text("Open"))
                        .default_relationship("Phase__r"),
                    <user::Option<user::Decimal> as __so::FieldValue>::DEFINITION
                        .name("Tax__c")
                        .label("Tax")
                        .field_type(__so::FieldType::Currency)
                        .create()
                        .nillable()
                        .precision(16, 2)
                        .default_relationship("Tax__r"),
                    <user::Text as __so::FieldValue>::DEFINITION
                        .name("Name")
                        .label("Name")
                        .filter()
                        .name_field()
                        .start(1000)
                        .autonumber("INV-{0000}"),
                ],
            );
        type Create = InvoiceCreate;
        type Update = InvoiceUpdate;
        fn decode(row: &__so::RowReader<'_>) -> __so::Result<Self, __so::DecodeError> {
            __so::Ok(Self {
                payer_id: <user::Id<
                    user::Account,
                > as __so::FieldValue>::from_row(row, 0)?,
                amount: <user::Option<user::Int> as __so::FieldValue>::from_row(row, 1)?,
                owner_id: <user::Ref<
                    (user::Group, user::User),
                > as __so::FieldValue>::from_row(row, 2)?,
                r#type: <user::Option<
                    user::Flag,
                > as __so::FieldValue>::from_row(row, 3)?,
                subject: <user::Text as __so::FieldValue>::from_row(row, 4)?,
                phase: <user::Phase as __so::FieldValue>::from_row(row, 5)?,
                tax: <user::Option<
                    user::Decimal,
                > as __so::FieldValue>::from_row(row, 6)?,
                name: <user::Text as __so::FieldValue>::from_row(row, 7)?,
            })
        }
        fn each<'a>(&'a self, f: &mut dyn __so::FnMut(__so::FieldIdx, __so::Value<'a>)) {
            __so::put_all(
                &[
                    <user::Id<user::Account> as __so::FieldValue>::value(&self.payer_id),
                    <user::Option<user::Int> as __so::FieldValue>::value(&self.amount),
                    <user::Ref<
                        (user::Group, user::User),
                    > as __so::FieldValue>::value(&self.owner_id),
                    <user::Option<user::Flag> as __so::FieldValue>::value(&self.r#type),
                    <user::Text as __so::FieldValue>::value(&self.subject),
                    <user::Phase as __so::FieldValue>::value(&self.phase),
                    <user::Option<user::Decimal> as __so::FieldValue>::value(&self.tax),
                    <user::Text as __so::FieldValue>::value(&self.name),
                ],
                f,
            )
        }
    }
    #[automatically_derived]
    impl __so::Serialize for Invoice {
        fn serialize<S: __so::Serializer>(
            &self,
            serializer: S,
        ) -> __so::Result<S::Ok, S::Error> {
            __so::serialize_fields(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> __so::Deserialize<'de> for Invoice {
        fn deserialize<D: __so::Deserializer<'de>>(
            deserializer: D,
        ) -> __so::Result<Self, D::Error> {
            __so::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __so::View for InvoiceCreate {
        type Object = Invoice;
        fn each<'a>(&'a self, f: &mut dyn __so::FnMut(__so::FieldIdx, __so::Value<'a>)) {
            __so::put(
                0,
                <user::Id<user::Account> as __so::FieldValue>::value(&self.payer_id),
                f,
            );
            __so::put_unless_null(
                1,
                <user::Option<user::Int> as __so::FieldValue>::value(&self.amount),
                f,
            );
            __so::put_given(
                2,
                &self.owner_id,
                <user::Ref<(user::Group, user::User)> as __so::FieldValue>::value,
                f,
            );
            __so::put_patch(
                3,
                &self.r#type,
                <user::Option<user::Flag> as __so::FieldValue>::value,
                f,
            );
            __so::put(4, <user::Text as __so::FieldValue>::value(&self.subject), f);
            __so::put_given(5, &self.phase, <user::Phase as __so::FieldValue>::value, f);
            __so::put_unless_null(
                6,
                <user::Option<user::Decimal> as __so::FieldValue>::value(&self.tax),
                f,
            );
        }
    }
    #[automatically_derived]
    impl __so::CreateView for InvoiceCreate {}
    #[automatically_derived]
    impl<'a> __so::UpsertView for InvoiceCreate
    where
        Invoice: __so::HasUpsert<'a>,
    {}
    #[automatically_derived]
    impl __so::Clone for InvoiceCreate {
        fn clone(&self) -> Self {
            Self {
                payer_id: <user::Id<
                    user::Account,
                > as __so::FieldValue>::copy(&self.payer_id),
                amount: <user::Option<
                    user::Int,
                > as __so::FieldValue>::copy(&self.amount),
                owner_id: __so::copy_given(
                    &self.owner_id,
                    <user::Ref<(user::Group, user::User)> as __so::FieldValue>::copy,
                ),
                r#type: __so::copy_patch(
                    &self.r#type,
                    <user::Option<user::Flag> as __so::FieldValue>::copy,
                ),
                subject: <user::Text as __so::FieldValue>::copy(&self.subject),
                phase: __so::copy_given(
                    &self.phase,
                    <user::Phase as __so::FieldValue>::copy,
                ),
                tax: <user::Option<user::Decimal> as __so::FieldValue>::copy(&self.tax),
            }
        }
    }
    #[automatically_derived]
    impl __so::Debug for InvoiceCreate {
        fn fmt(&self, f: &mut __so::fmt::Formatter<'_>) -> __so::fmt::Result {
            __so::debug_view(self, "InvoiceCreate", f)
        }
    }
    #[automatically_derived]
    impl __so::PartialEq for InvoiceCreate {
        fn eq(&self, other: &Self) -> bool {
            __so::eq_views(self, other)
        }
    }
    #[automatically_derived]
    impl __so::Serialize for InvoiceCreate {
        fn serialize<S: __so::Serializer>(
            &self,
            serializer: S,
        ) -> __so::Result<S::Ok, S::Error> {
            __so::serialize_view(self, serializer)
        }
    }
    #[automatically_derived]
    impl __so::FromJson for InvoiceCreate {
        type Object = Invoice;
        const FORM: __so::Form = __so::Form::Create;
        fn read(row: &__so::RowReader<'_>) -> __so::Result<Self, __so::DecodeError> {
            __so::Ok(Self {
                payer_id: <user::Id<
                    user::Account,
                > as __so::FieldValue>::from_row(row, 0)?,
                amount: <user::Option<user::Int> as __so::FieldValue>::from_row(row, 1)?,
                owner_id: __so::read_given(
                    row,
                    2,
                    <user::Ref<(user::Group, user::User)> as __so::FieldValue>::from_row,
                ),
                r#type: __so::read_patch(
                    row,
                    3,
                    <user::Option<user::Flag> as __so::FieldValue>::from_row,
                ),
                subject: <user::Text as __so::FieldValue>::from_row(row, 4)?,
                phase: __so::read_given(
                    row,
                    5,
                    <user::Phase as __so::FieldValue>::from_row,
                ),
                tax: <user::Option<user::Decimal> as __so::FieldValue>::from_row(row, 6)?,
            })
        }
    }
    #[automatically_derived]
    impl<'de> __so::Deserialize<'de> for InvoiceCreate {
        fn deserialize<D: __so::Deserializer<'de>>(
            deserializer: D,
        ) -> __so::Result<Self, D::Error> {
            __so::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __so::View for InvoiceUpdate {
        type Object = Invoice;
        fn each<'a>(&'a self, f: &mut dyn __so::FnMut(__so::FieldIdx, __so::Value<'a>)) {
            __so::put_patch(
                0,
                &self.payer_id,
                <user::Id<user::Account> as __so::FieldValue>::value,
                f,
            );
            __so::put_patch(
                1,
                &self.amount,
                <user::Option<user::Int> as __so::FieldValue>::value,
                f,
            );
        }
    }
    #[automatically_derived]
    impl<'a> __so::UpdateView for InvoiceUpdate
    where
        Invoice: __so::HasUpdate<'a>,
    {}
    #[automatically_derived]
    impl<'a> __so::UpsertView for InvoiceUpdate
    where
        Invoice: __so::HasUpsert<'a>,
    {}
    #[automatically_derived]
    impl __so::Clone for InvoiceUpdate {
        fn clone(&self) -> Self {
            Self {
                payer_id: __so::copy_patch(
                    &self.payer_id,
                    <user::Id<user::Account> as __so::FieldValue>::copy,
                ),
                amount: __so::copy_patch(
                    &self.amount,
                    <user::Option<user::Int> as __so::FieldValue>::copy,
                ),
            }
        }
    }
    #[automatically_derived]
    impl __so::Debug for InvoiceUpdate {
        fn fmt(&self, f: &mut __so::fmt::Formatter<'_>) -> __so::fmt::Result {
            __so::debug_view(self, "InvoiceUpdate", f)
        }
    }
    #[automatically_derived]
    impl __so::PartialEq for InvoiceUpdate {
        fn eq(&self, other: &Self) -> bool {
            __so::eq_views(self, other)
        }
    }
    #[automatically_derived]
    impl __so::Serialize for InvoiceUpdate {
        fn serialize<S: __so::Serializer>(
            &self,
            serializer: S,
        ) -> __so::Result<S::Ok, S::Error> {
            __so::serialize_view(self, serializer)
        }
    }
    #[automatically_derived]
    impl __so::FromJson for InvoiceUpdate {
        type Object = Invoice;
        const FORM: __so::Form = __so::Form::Update;
        fn read(row: &__so::RowReader<'_>) -> __so::Result<Self, __so::DecodeError> {
            __so::Ok(Self {
                payer_id: __so::read_patch(
                    row,
                    0,
                    <user::Id<user::Account> as __so::FieldValue>::from_row,
                ),
                amount: __so::read_patch(
                    row,
                    1,
                    <user::Option<user::Int> as __so::FieldValue>::from_row,
                ),
            })
        }
    }
    #[automatically_derived]
    impl<'de> __so::Deserialize<'de> for InvoiceUpdate {
        fn deserialize<D: __so::Deserializer<'de>>(
            deserializer: D,
        ) -> __so::Result<Self, D::Error> {
            __so::deserialize(deserializer)
        }
    }
    #[automatically_derived]
    impl __so::Deref for InvoiceFields {
        type Target = __so::SystemFields<Invoice>;
        fn deref(&self) -> &Self::Target {
            __so::SystemFields::ALL
        }
    }
    #[automatically_derived]
    impl __so::CheckedColumns<
        0,
        (
            user::Id<user::Account>,
            user::Option<user::Int>,
            user::Ref<(user::Group, user::User)>,
            user::Option<user::Flag>,
            user::Text,
            user::Phase,
            user::Option<user::Decimal>,
            user::Text,
            (),
            (),
            (),
            (),
            (),
            (),
            (),
            (),
        ),
    > for Invoice {}
    #[automatically_derived]
    impl __so::From<InvoiceRequired> for InvoiceCreate {
        fn from(required: InvoiceRequired) -> Self {
            Self::new(required.payer_id, required.subject)
        }
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl<'a> __so::Default for InvoiceCreate
    where
        Invoice: __so::NothingRequired<'a>,
    {
        fn default() -> Self {
            loop {}
        }
    }
    #[doc(hidden)]
    impl InvoiceCreate {
        #[allow(dead_code)]
        pub fn default<'a>() -> Self
        where
            Invoice: __so::NothingRequired<'a>,
        {
            loop {}
        }
    }
    #[automatically_derived]
    impl __so::Default for InvoiceUpdate {
        fn default() -> Self {
            Self {
                payer_id: __so::Patch::Keep,
                amount: __so::Patch::Keep,
            }
        }
    }
};
