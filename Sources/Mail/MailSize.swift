/// Keeps an HTML part as short as Gmail shows it, and a mail below 0.8 MB, whatever its rows hold: HTML makes up to six
/// octets of one, and the encoding for the wire three of one.
enum MailSize {
    /// A part that is no longer fits beside any text, and is encoded the quick way.
    static let small = 30_000
    /// On the wire, besides the header.
    private static let most = 794_000
    /// On the wire: a text that is longer is cut further.
    ///
    /// Line breaks become two octets each, so that one of nothing else is twice as long. The rest is three times ``small``.
    private static let mostText = 700_000
    /// A text that is no longer has no need to be cut.
    static let shortText = mostText / 3

    /// The HTML part of a mail, with as much of each reply as fits; nil if not even who wrote them does.
    static func html(_ body: MailBody, beside text: TextPart, _ textSize: PartSize) -> HTMLPart? {
        let whole = HTMLPart(body)
        if whole.length <= small { return whole }
        let isShort = 3 * (textSize.total + HTMLPart.maximumLength) <= most
        let room = isShort ? most : most - encoded(text.octets).octets.count
        if fits(whole, room) { return whole }
        return longest { share in
            // HTML is no shorter than its texts.
            guard body.octets(share: share) <= HTMLPart.maximumLength else { return nil }
            let part = HTMLPart(MailBody(body, share: share))
            return fits(part, room) ? part : nil
        }
    }

    /// - Parameter room: Octets on the wire.
    private static func fits(_ part: HTMLPart, _ room: Int) -> Bool {
        // A line break is two octets, for whoever counts those of a mail.
        guard part.length + part.lineBreaks <= HTMLPart.maximumLength else { return false }
        return 3 * part.length <= room || encoded(part.octets).octets.count <= room
    }

    /// What `make` makes of nearly the largest number of which it makes something; nil if of none.
    private static func longest(_ make: (Int) -> HTMLPart?) -> HTMLPart? {
        guard var best = make(0) else { return nil }
        var (fitting, tooLong) = (0, HTMLPart.maximumLength)
        while tooLong - fitting > 8 + fitting / 16 {
            let share = (fitting + tooLong) / 2
            if let part = make(share) {
                (best, fitting) = (part, share)
            } else {
                tooLong = share
            }
        }
        return best
    }

    /// The text part of a mail, cut further where it has to be.
    static func bounded(
        _ text: TextPart, of content: borrowing MailContent, on letterhead: Letterhead,
        _ toASCII: @escaping DomainToASCII
    ) -> TextPart {
        var text = text
        var share = 1.0
        while true {
            let length = encoded(text.octets).octets.count
            guard length > mostText else { return text }
            share *= Double(mostText) / Double(length)
            text = TextPart(
                MailBody(
                    content, on: letterhead,
                    maximumLength: Int(Double(MailBody.maximumLength) * share), toASCII: toASCII))
        }
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
