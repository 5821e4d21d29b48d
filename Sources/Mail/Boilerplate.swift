/// Text that stands in many mails: made once, in quoted-printable as well, since it is most of a usual mail.
///
/// It begins with a line. What doesn't end with one doesn't end with white space, either, so that more may follow there.
///
/// A class, since a copy of a value would retain both texts.
final class Boilerplate: Sendable {
    let text: [UInt8]
    /// As it goes over the wire.
    let encoded: [UInt8]
    /// Where what follows goes, in a line of ``encoded``.
    let column: Int
    let size: PartSize

    init(_ text: [UInt8]) {
        var writer = QuotedPrintable()
        writer.append(text.span, 0..<text.count)
        self.text = text
        column = writer.column
        encoded = writer.finish()
        size = PartSize(of: text)
    }

    convenience init(_ text: String) { self.init(Array(text.utf8)) }
}
