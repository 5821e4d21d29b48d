import Delivery
import Store

@testable import Engine

/// Another process's in-flight journal: nothing beyond its end is read, and what it tells is bounded and clean.
///
/// The input's first octet is a set of switches (``Switches``); then come the 128 octets of the header, and what
/// follows the header's page.
enum JournalTarget: FuzzTarget {
    static let name = "journal"
    static let longest = 4_000
    static let words = [
        "\u{1}dxobtuo", "\u{1}\0\0\0", "\u{2}\0\0\0\0\0\0\0", "\u{3}\0\0\0\0\0\0\0", "\0\u{1}\0\0",
        "\u{2}\u{1}\0\0\0\0\0\0", "boot",
    ]
    private static let largest = 1 << 18

    private struct Switches: OptionSet {
        var rawValue: UInt8
        /// Copies bear the right checksum, which no fuzzer would find.
        static let sums = Switches(rawValue: 1)
        static let readOnly = Switches(rawValue: 2)
        /// The file is no longer than the input.
        static let short = Switches(rawValue: 4)
    }

    static func check(_ input: [UInt8]) throws(Broken) {
        let switches = Switches(rawValue: input.first ?? 0)
        let rest = input.dropFirst()
        let head = Array(rest.prefix(128)) + Array(repeating: 0, count: max(0, 128 - rest.count))
        let header = JournalMemory.readHeader(head)
        let magic: [UInt8] = [0x01] + "dxobtuo".utf8
        try demand(header.isOurs == head.starts(with: magic), "took another's file for ours")
        try demand(header.bootID.unicodeScalars.count <= 64, "a long boot id")
        let body = rest.dropFirst(128)
        let size = header.layout?.size ?? 0
        let sight = JournalSight(
            head: .ours(size: header.layout?.size),
            size: switches.contains(.short) ? 4_096 + body.count : size, isRegistered: true)
        try demand(
            sight.kind.mayRead == (header.layout != nil && sight.size >= size),
            "a file is read that is too short for what it says")
        guard header.isOurs, sight.kind.mayRead, let layout = header.layout, size <= largest else {
            return
        }
        let bytes = ExactBytes(size: size, isWritable: !switches.contains(.readOnly))
        bytes.write(head, at: 0)
        bytes.write(body, at: 4_096)
        var notes = JournalNotes(bytes, layout)
        if switches.contains(.sums) { notes.writeSums() }
        let journal = ForeignJournal(
            memory: JournalMemory(bytes: bytes, layout: layout), bootID: header.bootID
        ) { nil }
        try check(journal, notes, bytes)
    }

    private static func check(
        _ journal: ForeignJournal, _ notes: JournalNotes, _ bytes: ExactBytes
    ) throws(Broken) {
        let before = bytes.octets
        for now in [Int64.min, 0, .max] {
            _ = journal.lifeSign?.isMoving(at: SteadyTime(nanoseconds: now))
        }
        for (token, copy) in journal.copies() { try check(copy, notes.copies(of: token)) }
        try demand(bytes.octets == before, "reading the copies changed the file")
        let tokens = Set(notes.records.map(\.token) + [0, 1])
        guard let facts = journal.facts(revoking: tokens) else { throw Broken("no facts") }
        try demand(Set(facts.keys).isSubset(of: tokens), "facts of mails that nobody asked for")
        for (token, fact) in facts { try check(fact, notes.copies(of: token)) }
        try demand(
            bytes.isWritable || bytes.octets == before, "what may only be read was written to")
        let states = JournalNotes(bytes, notes.layout).records.map(\.state)
        try demand(!bytes.isWritable || !states.contains(1), "a mail could still be announced")
    }

    private static func check(
        _ fact: ForeignJournal.Fact, _ noted: [FrozenMail]
    ) throws(Broken) {
        switch fact {
        case .notAnnounced: return
        case .announced(let copy): if let copy { try check(copy, noted) }
        case .replied(let reply, _):
            // What SMTPReply says of itself: it is stored, shown and logged.
            try demand((200...599).contains(reply.code), "a reply with the code \(reply.code)")
            let text = reply.text.unicodeScalars
            try demand(text.count <= 1_000, "a reply of \(text.count) characters")
            try demand(!text.contains(where: AddressGrammar.isControl), "a reply with controls")
            let end = DialogueEnd(stage: .final, cause: .reply(reply), dotAnnounced: true)
            _ = Verdict(of: end)
        }
    }

    private static func check(_ copy: FrozenMail, _ noted: [FrozenMail]) throws(Broken) {
        try demand(noted.contains(copy), "a copy that nobody has written")
    }
}
