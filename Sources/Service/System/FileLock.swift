internal import Glibc

/// A line of `/proc/locks` (proc(5)): a lock that a process has on a part of a file.
///
/// `1: POSIX  ADVISORY  WRITE 4711 fe:00:1835011 120 120`, the file's device in hexadecimal.
struct FileLock {
    let isExclusive: Bool
    let processID: pid_t
    private let device: String
    private let inode: UInt64
    private let first: UInt64
    private let last: UInt64

    /// nil of a line of another form, such as that of a process that waits for a lock (`1: -> POSIX …`).
    init?(_ line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 8, words[1] == "POSIX" || words[1] == "OFDLCK",
            let processID = pid_t(words[4]), processID > 0,
            let colon = words[5].lastIndex(of: ":"),
            let inode = UInt64(words[5][words[5].index(after: colon)...]),
            let first = UInt64(words[6]),
            let last = words[7] == "EOF" ? UInt64.max : UInt64(words[7])
        else { return nil }
        isExclusive = words[3] == "WRITE"
        self.processID = processID
        device = String(words[5][..<colon])
        self.inode = inode
        self.first = first
        self.last = last
    }

    /// Whether it is of the file at the path, and some of those octets are locked.
    func isOf(_ path: String, within octets: ClosedRange<UInt64>) -> Bool {
        guard first <= octets.upperBound, last >= octets.lowerBound, let file = FileStamp(path),
            file.inode == inode
        else { return false }
        // How glibc packs both into one number: makedev(3).
        let major = file.device >> 8 & 0xFFF | file.device >> 32 & ~0xFFF
        let minor = file.device & 0xFF | file.device >> 12 & ~0xFF
        return device == Self.hex(major) + ":" + Self.hex(minor)
    }

    private static func hex(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return text.utf8.count < 2 ? "0" + text : text
    }
}
