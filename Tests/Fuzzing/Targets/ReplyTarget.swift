import Delivery
import SMTP

/// What a relay says: the same in whatever pieces it comes, clean, and bounded.
///
/// The input's first octet says how often the rest comes, its second how long the pieces are.
enum ReplyTarget: FuzzTarget {
    static let name = "reply"
    static let longest = 2_200
    static let words = [
        "250", "250-", "550 ", "421 ", "\r\n", "\n", "\r", "5.1.1", "2.0.0 ", "354 ", "-", " ",
        "\0", "\u{1B}[",
        "\u{202E}", "ü", "250-x\r\n", "599 5.999.999 x\r\n", String(repeating: "x", count: 600),
    ]
    /// What one input comes to at most, in octets.
    private static let mostOctets = 100_000

    static func check(_ input: [UInt8]) throws(Broken) {
        let rest = input.dropFirst(2)
        let times = min(Int(input.first ?? 0), mostOctets / max(rest.count, 1))
        let octets = (0...times).flatMap { _ in rest }
        let whole = try read(octets, piece: octets.count)
        try demand(
            whole == (try read(octets, piece: 1 + Int(input.dropFirst().first ?? 0))),
            "other pieces, other replies")
        try compare(whole, ReplyReference.events(octets))
        try checkUnread(octets)
    }

    /// Up to the first that is garbled.
    private static func read(_ octets: [UInt8], piece: Int) throws(Broken) -> [ReplyReader.Event] {
        var reader = ReplyReader(keepingLines: true)
        var events: [ReplyReader.Event] = []
        var rest = octets[...]
        while !rest.isEmpty {
            reader.feed(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            while let event = reader.next() {
                events.append(event)
                try checkLines(reader.lastLines)
                if case .garbled = event { return events }
            }
            if rest.isEmpty || piece > 200 { try checkMemory(of: reader) }
        }
        return events
    }

    private static func checkMemory(of reader: ReplyReader) throws(Broken) {
        let kept = Mirror(reflecting: reader).children.first { $0.label == "buffer" }?.value
        guard let kept = kept as? [UInt8] else { throw Broken("where octets wait is not known") }
        try demand(kept.count <= 2 * ReplyReader.sizeLimit, "\(kept.count) octets are kept")
    }

    private static func checkLines(_ lines: [String]) throws(Broken) {
        try demand(lines.count <= ReplyReader.lineCountLimit, "\(lines.count) lines")
        for line in lines { try checkText(line) }
    }

    private static func checkText(_ text: String) throws(Broken) {
        let scalars = text.unicodeScalars
        try demand(scalars.count <= 1_000, "a text of \(scalars.count) characters")
        try demand(!scalars.contains(where: AddressGrammar.isControl), "a text with controls")
        try demand(!scalars.contains { (0x202A...0x202E).contains($0.value) }, "a text that turns")
    }

    private static func compare(
        _ events: [ReplyReader.Event], _ reference: [ReplyReference.Event]
    ) throws(Broken) {
        var found: [ReplyReference.Event] = []
        for (index, event) in events.enumerated() {
            switch event {
            case .garbled(let text):
                try checkText(text)
                found.append(.garbled)
            case .reply(let reply):
                try checkText(reply.text)
                try demand(
                    reply.enhanced.map { $0.classDigit == reply.code / 100 } ?? true,
                    "\(reply.code) with \(String(describing: reply.enhanced))")
                var lines = 0
                if index < reference.count, case .reply(_, let count) = reference[index] {
                    lines = count
                }
                found.append(.reply(code: reply.code, lines: lines))
            }
        }
        try demand(found == reference, "read \(found), and there is \(reference)")
    }

    /// Nobody asks for the replies.
    private static func checkUnread(_ octets: [UInt8]) throws(Broken) {
        var reader = ReplyReader()
        for _ in 0..<3 {
            reader.feed(octets[...])
            try checkMemory(of: reader)
        }
    }
}
