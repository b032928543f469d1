//! The proof that an answer is the service's own. A gateway may answer in AWS's place, with any status and in JSON.

use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_types::config_bag::ConfigBag;

use super::error_body::{ErrorBody, without_namespace};
use crate::values::service::{Answers, Service};

/// The degree to which a success is proven to be the service's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    /// The answer lacks what every success of the service has.
    Foreign,
    /// The answer has one of the proofs that the service declares.
    Own,
    /// The answer has all of them: what it omits, AWS omitted.
    Certain,
}

/// The operation that the SDK calls, and its service.
pub(super) struct Call<'c> {
    operation: &'c str,
    service: Option<&'static Service>,
}

impl<'c> Call<'c> {
    /// Returns the call that this configuration is for.
    pub(super) fn of(config: &'c ConfigBag) -> Self {
        let metadata = config.load::<Metadata>();
        let service = metadata.and_then(|metadata| Service::of_id(metadata.service()));
        Self { operation: metadata.map_or("", Metadata::name), service }
    }

    /// Returns what this answer proves if it is a success. An undeclared service proves nothing.
    pub(super) fn proof(&self, response: &HttpResponse, body: &[u8]) -> Proof {
        let Some(service) = self.service.filter(|_| response.status().as_u16() == 200) else { return Proof::Foreign };
        match service.answers {
            Answers::Xml if root_of(body).and_then(|root| root.strip_suffix("Response")) == Some(self.operation) => {
                Proof::Certain
            }
            Answers::Xml => Proof::Foreign,
            Answers::Json { .. } if !body.is_empty() && !is_object(body) => Proof::Foreign,
            Answers::Json { content_type } => {
                let kind = header(response, "content-type").unwrap_or_default();
                let kind = kind.split(';').next().unwrap_or_default().trim();
                // moto sends every answer as HTML, with AWS's request id.
                let has_id = header(response, REQUEST_ID).is_some_and(|id| !id.trim().is_empty());
                match (kind.eq_ignore_ascii_case(content_type), has_id) {
                    (true, true) => Proof::Certain,
                    (false, false) => Proof::Foreign,
                    _ => Proof::Own,
                }
            }
        }
    }
}

impl Call<'_> {
    /// Returns the code of this error if it is one of the service.
    pub(super) fn code(&self, response: &HttpResponse, body: &[u8]) -> Option<String> {
        match self.service?.answers {
            // AWS's front ends may send it in the header alone (Smithy: "AWS JSON 1.1 protocol").
            Answers::Json { .. } => {
                let in_head = || header(response, "x-amzn-errortype").map(without_namespace);
                ErrorBody::of(body).code().or_else(in_head).map(str::to_owned)
            }
            Answers::Xml => {
                root_of(body).filter(|root| *root == "ErrorResponse")?;
                let (_, rest) = str::from_utf8(body).ok()?.split_once("<Code>")?;
                rest.split_once("</Code>").map(|(code, _)| code.trim().to_owned())
            }
        }
    }
}

/// The header in which AWS's JSON services send their request id.
pub(super) const REQUEST_ID: &str = "x-amzn-requestid";

pub(super) fn header<'r>(response: &'r HttpResponse, name: &str) -> Option<&'r str> {
    response.headers().get(name)
}

pub(super) fn is_object(json: &[u8]) -> bool {
    json.first() == Some(&b'{')
}

/// Returns the name of the root element of an XML document.
fn root_of(xml: &[u8]) -> Option<&str> {
    let mut rest = str::from_utf8(xml).ok()?.trim_start();
    if let Some(declaration) = rest.strip_prefix("<?xml") {
        rest = declaration.split_once("?>")?.1.trim_start();
    }
    let name = rest.strip_prefix('<')?;
    name.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;
    use crate::values::service::{SERVICES, STS};

    const AMZ: &str = "application/x-amz-json-1.1";

    fn proof(service: &'static Service, status: u16, headers: &[(&'static str, &'static str)], body: &str) -> Proof {
        let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        Call { operation: "AssumeRole", service: Some(service) }.proof(&response, body.as_bytes())
    }

    #[test]
    fn json_success_needs_the_content_type_or_a_request_id() {
        for service in SERVICES.into_iter().filter(|service| **service != STS) {
            for (status, kind, id, body, expected) in [
                (200, AMZ, "1-2", "{}", Proof::Certain),
                (200, AMZ, "1-2", "", Proof::Certain),
                (200, "Application/X-Amz-Json-1.1; charset=utf-8", "1-2", "{}", Proof::Certain),
                (200, AMZ, "", "{}", Proof::Own),
                (200, "text/html", "1-2", "{}", Proof::Own),
                (200, "application/json", "1-2", "{}", Proof::Own),
                (200, "application/json", "", "{}", Proof::Foreign),
                (200, "application/x-amz-json-1.1x", " ", "{}", Proof::Foreign),
                (200, "", "", "{}", Proof::Foreign),
                (200, AMZ, "1-2", "[]", Proof::Foreign),
                (200, AMZ, "1-2", "<html>", Proof::Foreign),
                (204, AMZ, "1-2", "", Proof::Foreign),
            ] {
                let headers = [("content-type", kind), (REQUEST_ID, id)];
                assert_eq!(proof(service, status, &headers, body), expected, "{status} {kind} {id} {body}");
            }
        }
    }

    #[test]
    fn xml_success_needs_a_root_named_after_the_operation() {
        for (body, expected) in [
            (
                "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"></AssumeRoleResponse>",
                Proof::Certain,
            ),
            ("<?xml version=\"1.0\"?>\n<AssumeRoleResponse/>", Proof::Certain),
            ("<AssumeRoleResult/>", Proof::Foreign),
            ("<html><AssumeRoleResponse/></html>", Proof::Foreign),
            ("{\"AssumeRoleResponse\": {}}", Proof::Foreign),
            ("<?xml", Proof::Foreign),
            ("", Proof::Foreign),
        ] {
            assert_eq!(proof(&STS, 200, &[("content-type", "text/html")], body), expected, "{body}");
        }
    }

    fn code(service: &'static Service, headers: &[(&'static str, &'static str)], body: &str) -> Option<String> {
        let mut response = HttpResponse::new(400.try_into().unwrap(), SdkBody::empty());
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        Call { operation: "AssumeRole", service: Some(service) }.code(&response, body.as_bytes())
    }

    #[test]
    fn error_code_is_read_where_the_service_has_it_only() {
        let in_head = ("x-amzn-errortype", "AccessDeniedException:http://internal.amazon.com/");
        let xml = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>";
        for service in SERVICES {
            let is_json = *service != STS;
            let expected = |code: &str, is_its_own: bool| is_its_own.then(|| code.to_owned());
            let typed = r#"{"__type": "com.amazonaws.identitystore#ValidationException"}"#;
            assert_eq!(code(service, &[], typed), expected("ValidationException", is_json));
            assert_eq!(code(service, &[in_head], typed), expected("ValidationException", is_json));
            assert_eq!(code(service, &[in_head], "{}"), expected("AccessDeniedException", is_json));
            assert_eq!(code(service, &[], xml), expected("AccessDenied", !is_json));
            for foreign in [
                r#"{"code": "ResourceNotFoundException"}"#,
                r#"{"error": "blocked"}"#,
                r#"{"__type": 404}"#,
                "<html><Code>AccessDenied</Code></html>",
                "<ErrorResponse>",
                "",
            ] {
                assert_eq!(code(service, &[], foreign), None, "{foreign}");
            }
        }
    }

    #[test]
    fn answer_of_an_undeclared_service_proves_nothing() {
        let mut response = HttpResponse::new(200.try_into().unwrap(), SdkBody::empty());
        response.headers_mut().insert("content-type", AMZ);
        let unknown = Call { operation: "ListUsers", service: None };
        assert_eq!(unknown.proof(&response, b"{}"), Proof::Foreign);
    }
}
