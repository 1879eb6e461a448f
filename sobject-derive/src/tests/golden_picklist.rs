const _: () = {
    use ::sobject_core::__private as __so;
    #[automatically_derived]
    impl __so::FieldValue for Phase {
        const TYPE: __so::FieldType = __so::FieldType::Picklist;
        const PICKLIST: &'static [__so::PicklistValue] = <Self as __so::Picklist>::VALUES;
        const IS_CLOSED: bool = <Self as __so::Picklist>::IS_CLOSED;
        type Empty = <Self as __so::Picklist>::Empty;
        type Preset = <Self as __so::Picklist>::Preset;
        type Kind = __so::OpenList;
        fn value(&self) -> __so::Value<'_> {
            __so::Value::Text(<Self as __so::Picklist>::as_str(self))
        }
        fn read_or_null(
            field: __so::FieldReader<'_>,
        ) -> __so::Result<__so::Option<Self>, __so::DecodeError> {
            __so::read_listed(field)
        }
        fn copy(&self) -> Self {
            <Self as __so::Picklist>::copy(self)
        }
    }
    #[automatically_derived]
    impl __so::Picklist for Phase {
        const VALUES: &'static [__so::PicklistValue] = &[
            __so::PicklistValue::new("Open").label("Open").default(),
            __so::PicklistValue::new("Paid Off").label("Paid Off").inactive(),
        ];
        const IS_CLOSED: bool = false;
        type Empty = __so::NeverEmpty;
        type Preset = __so::Preset;
        type Several = __so::SeveralOfOpen;
        fn as_str(&self) -> &str {
            match self {
                Self::Open => "Open",
                Self::r#Paid => "Paid Off",
                Self::Other(other) => <user::Text as __so::OtherValue>::text(other),
            }
        }
        fn from_value(value: &str) -> __so::Option<Self> {
            __so::Some(
                match __so::place_of(<Self as __so::Picklist>::VALUES, value) {
                    __so::Some(0) => Self::Open,
                    __so::Some(1) => Self::r#Paid,
                    _ => Self::Other(<user::Text as __so::OtherValue>::of(value)),
                },
            )
        }
        fn copy(&self) -> Self {
            <Phase as __so::Clone>::clone(self)
        }
    }
    #[automatically_derived]
    impl __so::Display for Phase {
        fn fmt(&self, f: &mut __so::fmt::Formatter<'_>) -> __so::fmt::Result {
            __so::display_listed(self, f)
        }
    }
    #[automatically_derived]
    impl __so::FromStr for Phase {
        type Err = __so::NotListed;
        fn from_str(value: &str) -> __so::Result<Self, Self::Err> {
            __so::parse_listed(value)
        }
    }
    #[automatically_derived]
    impl __so::Serialize for Phase {
        fn serialize<S: __so::Serializer>(
            &self,
            serializer: S,
        ) -> __so::Result<S::Ok, S::Error> {
            __so::serialize_listed(self, serializer)
        }
    }
    #[automatically_derived]
    impl<'de> __so::Deserialize<'de> for Phase {
        fn deserialize<D: __so::Deserializer<'de>>(
            deserializer: D,
        ) -> __so::Result<Self, D::Error> {
            __so::deserialize_listed(deserializer)
        }
    }
};
