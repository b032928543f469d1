//! The registry: the services and operations that the sandbox has.
//!
//! Routing, validation, rate limits, signatures and the faults of scenarios read it. The name of an operation stands here
//! and nowhere else.
//!
//! # To add an operation
//!
//! 1. Write its input shape in the `model.rs` of its service, as AWS's service model has it.
//! 2. Write its handler in the file of its resource. `Read`, `Write` and `Stateless` of
//!    [`Handler`] are the three kinds.
//! 3. Add a row to the `SERVICE` of its service, in alphabetical order.
//!
//! `tests/witness/test_sandbox_model.py` compares the operation with botocore's model.
//!
//! # To add a service
//!
//! 1. Make a folder here with a `model.rs` and a `static SERVICE: Service`. The fields of
//!    [`Service`] say what a service has to name.
//! 2. Add the service to [`SERVICES`].
//!
//! A service of another protocol needs that protocol first: see [`protocol`](crate::protocol).

mod definition;
mod identity_store;
mod members;
mod sso_admin;
mod sts;

pub(crate) use definition::{Availability, Handler, JsonErrors, Operation, Protocol, Service};

/// All services. The first of a protocol responds to requests of that protocol that name no service.
pub(crate) static SERVICES: [&Service; 3] = [&identity_store::SERVICE, &sso_admin::SERVICE, &sts::SERVICE];

/// Returns the names of all operations.
pub(crate) fn operation_names() -> impl Iterator<Item = &'static str> {
    SERVICES.into_iter().flat_map(|service| service.operations).map(|operation| operation.name)
}

#[cfg(test)]
mod tests {
    use super::SERVICES;

    #[test]
    fn operations_of_a_service_are_sorted_and_distinct() {
        for service in SERVICES {
            let names: Vec<_> = service.operations.iter().map(|operation| operation.name).collect();
            assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
        }
    }
}
