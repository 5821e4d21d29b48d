/// Reads a message up to its final dot (RFC 5321, sections 4.1.1.4 and 4.5.2).
///
/// Only CRLF dot CRLF ends it: lines that end otherwise are kept for the test to see.
struct MessageReader {
    /// Messages of more octets than this are read to their end, but not kept.
    let limit: Int
    private var lines: [UInt8] = []
    private var atStartOfLine = true
    private(set) var isTooLong = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes whole lines out of the buffer.
    ///
    /// - Returns: true when the final dot was among them; what follows it is left in the buffer.
    mutating func consume(_ input: InputBuffer) -> Bool {
        var scanned = 0
        while let end = input.endOfLine(from: scanned) {
            let isCRLF = end - scanned >= 2 && input[end - 2] == 13
            if atStartOfLine && input[scanned] == 46 {
                keep(input.take(scanned))
                if isCRLF && end - scanned == 3 {
                    input.drop(3)
                    return true
                }
                input.drop(1)
                scanned = end - scanned - 1
            } else {
                scanned = end
            }
            atStartOfLine = isCRLF
        }
        keep(input.take(scanned))
        return false
    }

    /// The message, when its final dot has been read.
    var message: [UInt8] { lines }

    private mutating func keep(_ bytes: [UInt8]) {
        guard !isTooLong else { return }
        guard lines.count + bytes.count <= limit else {
            isTooLong = true
            lines = []
            return
        }
        if lines.isEmpty { lines = bytes } else { lines += bytes }
    }
}
