import Store

@testable import Engine

/// What an in-flight journal says, by the places of its fields in the edition that writes them, read a second time.
struct JournalNotes {
    struct Record {
        var start: Int
        /// As it stands there; one that is none counts as announced (2).
        var state: UInt8
        var token: Int64
        /// The copy's place in the file and the lengths of its parts; nil if they do not fit.
        var copy: (start: Int, sender: Int, recipient: Int, message: Int)?
        var needsSMTPUTF8: Bool
    }

    let layout: JournalLayout
    private let bytes: ExactBytes
    private(set) var records: [Record] = []

    init(_ bytes: ExactBytes, _ layout: JournalLayout) {
        self.bytes = bytes
        self.layout = layout
        records = (0..<layout.recordCount).map { record($0) }
    }

    private func record(_ index: Int) -> Record {
        let start = 4_096 + 1_024 * index
        let state = UInt8(number(start, octets: 1))
        let area = number(start + 44, octets: 4)
        let lengths = [
            number(start + 60, octets: 2), number(start + 62, octets: 2),
            number(start + 40, octets: 4),
        ].map { Int($0) }
        let fits = area < layout.areaCount && lengths.reduce(0, +) <= layout.areaSize
        let place = 4_096 + 1_024 * layout.recordCount + (fits ? Int(area) : 0) * layout.areaSize
        return Record(
            start: start, state: state > 4 ? 2 : state,
            token: Int64(bitPattern: number(start + 16, octets: 8)),
            copy: fits ? (place, lengths[0], lengths[1], lengths[2]) : nil,
            needsSMTPUTF8: number(start + 64, octets: 1) != 0)
    }

    /// In the machine's order, which is that of all machines we run on: the lowest first.
    private func number(_ offset: Int, octets: Int) -> UInt64 {
        (0..<octets).reversed().reduce(0) {
            $0 << 8 | UInt64(bytes.base.load(fromByteOffset: offset + $1, as: UInt8.self))
        }
    }

    private func slice(_ start: Int, _ count: Int) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: bytes.base + start, count: count))
    }

    /// What records of that mail may hold: those that announce one, and those whose reply may be none (3).
    func copies(of token: Int64) -> [FrozenMail] {
        records.filter { $0.token == token && $0.state == 2 || $0.state == 3 }.compactMap {
            record in
            guard let copy = record.copy else { return nil }
            let recipient = copy.start + copy.sender
            return FrozenMail(
                envelopeSender: String(decoding: slice(copy.start, copy.sender), as: UTF8.self),
                envelopeRecipient: String(
                    decoding: slice(recipient, copy.recipient), as: UTF8.self),
                needsSMTPUTF8: record.needsSMTPUTF8,
                message: slice(recipient + copy.recipient, copy.message))
        }
    }

    /// Gives each copy its checksum.
    mutating func writeSums() {
        for record in records {
            guard let copy = record.copy else { continue }
            let octets = slice(copy.start, copy.sender + copy.recipient + copy.message)
            let sum = Self.sum(octets)
            bytes.write(withUnsafeBytes(of: sum) { Array($0) }, at: record.start + 32)
        }
    }

    private static func sum(_ octets: [UInt8]) -> UInt64 {
        var sum = 0xCBF2_9CE4_8422_2325 ^ UInt64(octets.count)
        let words = octets.count / 8
        for word in 0..<words {
            let value = octets[8 * word..<8 * word + 8].reversed().reduce(UInt64(0)) {
                $0 << 8 | UInt64($1)
            }
            sum = (sum ^ value) &* 0x0000_0100_0000_01B3
            sum ^= sum >> 29
        }
        for octet in octets.dropFirst(8 * words) {
            sum = (sum ^ UInt64(octet)) &* 0x0000_0100_0000_01B3
        }
        return sum
    }
}
