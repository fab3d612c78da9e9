//! A subject made of an allocator.

/// A [`Subject`](crate::stage::Subject) that builds the allocator of this type, which is generic over `P: Primitives`
/// and `O: Observer`. Its name is that of the type in kebab case, or the one that is given.
///
/// It does not say that the allocator [is symmetric](crate::stage::Subject::is_symmetric), and so nothing is merged in
/// a search of its states, and no type of it need be described. Whoever wants more implements the trait.
///
/// ```
/// # use logon_core::primitives::{Monitor, Primitives};
/// # use logon_core::{Allocator, Observer, Server};
/// # struct FirstComeServed<P: Primitives, O: Observer>(P::Monitor<Server<O>>);
/// # impl<P: Primitives, O: Observer> Allocator<P, O> for FirstComeServed<P, O> {
/// #     fn around(server: Server<O>) -> Self { FirstComeServed(P::Monitor::new("server", server)) }
/// #     fn server(&self) -> &P::Monitor<Server<O>> { &self.0 }
/// # }
/// use logon_models::stage::Subject;
/// use logon_models::subject;
///
/// assert_eq!(subject!(FirstComeServed).name(), "first-come-served");
/// assert_eq!(subject!("mine": FirstComeServed).name(), "mine");
/// ```
#[macro_export]
macro_rules! subject {
    ($allocator:ident) => {
        $crate::subject!($crate::check::kebab_case(stringify!($allocator)); $allocator)
    };
    ($name:literal: $allocator:ident) => {
        $crate::subject!($name.to_owned(); $allocator)
    };
    ($name:expr; $allocator:ident) => {{
        #[derive(Clone, Debug)]
        struct Outside(String);

        impl $crate::stage::Subject for Outside {
            fn name(&self) -> &str {
                &self.0
            }

            fn build<P: $crate::core::primitives::Primitives, O: $crate::core::Observer>(
                &self,
                server: $crate::core::Server<O>,
            ) -> std::sync::Arc<dyn $crate::core::Allocator<P, O>> {
                std::sync::Arc::new(
                    <$allocator<P, O> as $crate::core::Allocator<P, O>>::around(server),
                )
            }
        }

        Outside($name)
    }};
}

/// The name of a type in kebab case: `two-owners` of `TwoOwners`.
pub fn kebab_case(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
