/// Turns an international domain into its A-labels (RFC 5891): `bücher.example` → `xn--bcher-kva.example`.
///
/// Whoever composes hands it in, since it takes a C library, and Mail has none. nil for what is no domain.
package typealias DomainToASCII = (_ domain: String) -> String?
