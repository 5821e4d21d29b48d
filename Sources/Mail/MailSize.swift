/// Keeps a mail below 0.8 MB, whatever its rows hold: HTML makes up to six octets of one, and the encoding for the wire
/// three of one.
enum MailSize {
    /// A part that is no longer can't become too long, and goes the quick way.
    static let small = 100_000
    /// On the wire; with more of it the mail goes out as text alone.
    ///
    /// No text is longer than its HTML, so that both together are at most twice this.
    private static let mostHTML = 400_000
    /// On the wire: a text alone that is longer is cut further.
    ///
    /// Line breaks become two octets each, so that one of nothing else is twice as long.
    private static let mostText = 700_000

    /// - Parameters:
    ///   - content: what stands within the frame.
    ///   - frame: what stands around it.
    static func isTooLarge(_ html: HTMLPart, content: PartSize, in frame: HTMLFrame) -> Bool {
        let length = frame.length + content.total
        guard length > small else { return false }
        guard length <= mostHTML else { return true }
        var octets = frame.start.text + frame.opening.text
        html.writeContent(to: &octets)
        return encoded(octets).octets.count > mostHTML
    }

    /// The text of a mail that has no HTML.
    static func bounded(
        _ text: [UInt8], of content: borrowing MailContent, on letterhead: Letterhead,
        toASCII: @escaping DomainToASCII
    ) -> [UInt8] {
        let length = encoded(text).octets.count
        guard length > mostText else { return text }
        let share = Double(mostText) / Double(length)
        let body = MailBody(
            content, on: letterhead,
            maximumLength: Int(Double(MailBody.maximumLength) * share), toASCII: toASCII)
        return TextPart(body).octets
    }

    /// As it goes over the wire, in the shorter encoding.
    ///
    /// Both are tried, which is for long texts alone: of others their share of ASCII says enough, and people who look
    /// at a mail's source read quoted-printable.
    static func encoded(_ text: [UInt8]) -> (encoding: TransferEncoding, octets: [UInt8]) {
        var quoted: [UInt8] = []
        quoted.reserveCapacity(text.count * 17 / 16)
        QuotedPrintable.append(text, to: &quoted)
        // At least four octets for three, whatever they are.
        guard quoted.count / 4 > text.count / 3 else { return (.quotedPrintable, quoted) }
        var base64: [UInt8] = []
        TransferEncoding.append(base64: text, to: &base64)
        return base64.count < quoted.count ? (.base64, base64) : (.quotedPrintable, quoted)
    }
}
