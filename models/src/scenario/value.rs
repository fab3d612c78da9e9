//! The values of a document that need a better error than serde's own.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::check::MAX_CONNECTIONS;

/// A string.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Text(pub(super) String);

/// A whole number, wider than any range, so that the range is ours to report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole(pub(super) i128);

/// A yes or no.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Flag(pub(super) bool);

/// A time as written, or the two between which it is.
#[derive(Clone, Debug)]
pub(super) enum WrittenWithin {
    /// Always the same.
    Always(Text),
    /// From the first to the second.
    Between(Text, Text),
}

/// The limit on connections as written.
#[derive(Clone, Copy, Debug)]
pub(super) enum WrittenLimit {
    /// A number.
    Number(i128),
    /// `"clients"`: as many as there are clients.
    Clients,
    /// `"clients - 1"`: one fewer than there are clients.
    ClientsExceptOne,
}

struct TextVisitor;
struct WholeVisitor;
struct FlagVisitor;
struct LimitVisitor;
struct WithinVisitor;

/// The table of a time that is not always the same.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Between {
    from: Text,
    to: Text,
}

impl Visitor<'_> for TextVisitor {
    type Value = Text;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }
}

impl<'de> Visitor<'de> for WithinVisitor {
    type Value = WrittenWithin;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time such as \"3s\", or { from = \"2s\", to = \"4s\" }")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<WrittenWithin, E> {
        Ok(WrittenWithin::Always(Text(text.to_owned())))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenWithin, A::Error> {
        let Between { from, to } = Between::deserialize(MapAccessDeserializer::new(map))?;
        Ok(WrittenWithin::Between(from, to))
    }
}

impl Visitor<'_> for WholeVisitor {
    type Value = Whole;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number without quotes")
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Whole, E> {
        Ok(Whole(number.into()))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Whole, E> {
        Ok(Whole(number.into()))
    }
    fn visit_i128<E: Error>(self, number: i128) -> Result<Whole, E> {
        Ok(Whole(number))
    }
    fn visit_u128<E: Error>(self, number: u128) -> Result<Whole, E> {
        Ok(Whole(i128::try_from(number).unwrap_or(i128::MAX)))
    }
}

impl Visitor<'_> for FlagVisitor {
    type Value = Flag;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false without quotes")
    }
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }
}

impl Visitor<'_> for LimitVisitor {
    type Value = WrittenLimit;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, most) = (MAX_CONNECTIONS.start(), MAX_CONNECTIONS.end());
        write!(
            f,
            "a whole number from {least} to {most}, \"clients\" or \"clients - 1\""
        )
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<WrittenLimit, E> {
        Ok(WrittenLimit::Number(number.into()))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<WrittenLimit, E> {
        Ok(WrittenLimit::Number(number.into()))
    }
    fn visit_i128<E: Error>(self, number: i128) -> Result<WrittenLimit, E> {
        Ok(WrittenLimit::Number(number))
    }
    fn visit_u128<E: Error>(self, number: u128) -> Result<WrittenLimit, E> {
        Ok(WrittenLimit::Number(
            i128::try_from(number).unwrap_or(i128::MAX),
        ))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<WrittenLimit, E> {
        match text {
            "clients" => Ok(WrittenLimit::Clients),
            "clients - 1" => Ok(WrittenLimit::ClientsExceptOne),
            other => Err(E::invalid_value(Unexpected::Str(other), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bool(FlagVisitor)
    }
}

impl<'de> Deserialize<'de> for WrittenLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LimitVisitor)
    }
}

impl<'de> Deserialize<'de> for WrittenWithin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WithinVisitor)
    }
}

impl Serialize for WrittenWithin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Always(time) => time.serialize(serializer),
            Self::Between(from, to) => {
                let (from, to) = (from.clone(), to.clone());
                Between { from, to }.serialize(serializer)
            }
        }
    }
}

impl JsonSchema for WrittenWithin {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Within".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let time = json_schema!({ "type": "string", "pattern": TIME });
        json_schema!({
            "oneOf": [
                time,
                {
                    "type": "object",
                    "properties": { "from": time, "to": time },
                    "required": ["from", "to"],
                    "additionalProperties": false,
                },
            ]
        })
    }
}

/// How a time is written, as a regular expression.
pub(super) const TIME: &str = "^[0-9]+(ms|s|min|h)$";

impl Serialize for Whole {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(i64::try_from(self.0).unwrap_or(i64::MAX))
    }
}

impl Serialize for WrittenLimit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => Whole(*number).serialize(serializer),
            Self::Clients => serializer.serialize_str("clients"),
            Self::ClientsExceptOne => serializer.serialize_str("clients - 1"),
        }
    }
}

impl JsonSchema for WrittenLimit {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MaxConnections".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "oneOf": [
                {
                    "type": "integer",
                    "minimum": MAX_CONNECTIONS.start(),
                    "maximum": MAX_CONNECTIONS.end(),
                },
                { "enum": ["clients", "clients - 1"] },
            ]
        })
    }
}
