//! An administrator's operation as a document writes it: a word, or `{ reset = "…" }`.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::value::Text;

/// The words, `reset` last because it stands in a table.
const WORDS: &[&str] = &["disable-logons", "enable-logons", "{ reset = … }"];

/// One operation of an administrator.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "AdministratorOperation")]
pub(super) enum WrittenAdministration {
    /// Look up the session of a client or a user, then reset it.
    Reset(#[schemars(with = "String")] Spanned<Text>),
    /// Refuse logons from now on.
    DisableLogons,
    /// Take logons again.
    EnableLogons,
}

impl<'de> Deserialize<'de> for WrittenAdministration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OperationVisitor)
    }
}

struct OperationVisitor;

impl<'de> Visitor<'de> for OperationVisitor {
    type Value = WrittenAdministration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"disable-logons\", \"enable-logons\" or { reset = \"…\" }")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "disable-logons" => Ok(WrittenAdministration::DisableLogons),
            "enable-logons" => Ok(WrittenAdministration::EnableLogons),
            other => Err(E::unknown_variant(other, WORDS)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Self::Value, A::Error> {
        let mut target = None;
        while let Some(key) = table.next_key::<Text>()? {
            if key.0 == "reset" {
                target = Some(table.next_value()?);
            } else {
                table.next_value::<IgnoredAny>()?;
                return Err(A::Error::unknown_field(&key.0, &["reset"]));
            }
        }
        let target = target.ok_or_else(|| A::Error::missing_field("reset"))?;
        Ok(WrittenAdministration::Reset(target))
    }
}
