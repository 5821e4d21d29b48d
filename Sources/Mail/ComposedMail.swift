/// A whole mail, header and body.
package struct ComposedMail: Hashable, Sendable {
    /// Lines end with CRLF, the last one too; no bare CR or LF, no NUL; no line is longer than 998
    /// octets.
    ///
    /// ASCII, unless ``needsSMTPUTF8``. Dots are not stuffed.
    package let bytes: [UInt8]
    /// An address of the header or the envelope is not ASCII (RFC 6531, RFC 6532).
    package let needsSMTPUTF8: Bool
}
