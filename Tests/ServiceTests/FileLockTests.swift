import Glibc
import TestSupport
import Testing

@testable import Service

/// What the kernel lists in `/proc/locks`.
struct FileLockTests {
    @Test func `a lock is of the file whose device and inode it names, and of its octets`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("", to: "file")
        var status = stat()
        try #require(stat(path, &status) == 0)
        let device = Self.device(status.st_dev)
        let lock = try #require(
            FileLock("1: POSIX  ADVISORY  WRITE 4711 \(device):\(status.st_ino) 120 122"))
        #expect(lock.isExclusive && lock.processID == 4_711)
        #expect(lock.isOf(path, within: 122...130) && lock.isOf(path, within: 0...120))
        #expect(!lock.isOf(path, within: 0...119) && !lock.isOf(path, within: 123...200))
        #expect(!lock.isOf(path + "2", within: 0...200))
        let elsewhere = ["ff:ff:\(status.st_ino)", "\(device):\(status.st_ino + 1)"]
        for file in elsewhere {
            let lock = FileLock("1: POSIX  ADVISORY  WRITE 4711 \(file) 120 122")
            #expect(lock?.isOf(path, within: 0...200) == false)
        }
        let all = FileLock("2: OFDLCK ADVISORY READ 4711 \(device):\(status.st_ino) 0 EOF")
        #expect(all?.isOf(path, within: 1 << 40...1 << 41) == true && all?.isExclusive == false)
    }

    @Test(arguments: [
        "", "1: -> POSIX  ADVISORY  WRITE 4711 fe:00:1 120 120",
        "1: FLOCK  ADVISORY  WRITE 4711 fe:00:1 0 EOF",
        "1: POSIX  ADVISORY  WRITE -1 fe:00:1 0 EOF",
        "1: POSIX  ADVISORY  WRITE 4711 fe:00:x 0 EOF", "1: POSIX  ADVISORY  WRITE 4711 1 0 EOF",
        "1: POSIX  ADVISORY  WRITE 99999999999 fe:00:1 0 EOF",
        "1: POSIX ADVISORY WRITE 1 fe:00:1 -1 3",
    ])
    func `a line of another form is none`(line: String) { #expect(FileLock(line) == nil) }

    /// As the kernel writes it: two hexadecimal digits at least.
    private static func device(_ number: dev_t) -> String {
        let parts = [number >> 8 & 0xFFF, number & 0xFF].map { String($0, radix: 16) }
        return parts.map { $0.count < 2 ? "0" + $0 : $0 }.joined(separator: ":")
    }

    @Test(arguments: [(nil, "4711"), ("python3", "4711 (python3)")])
    func `whoever has a lock is named with its process`(name: String?, text: String) {
        #expect("\(LockHolder(processID: 4_711, name: name))" == text)
    }

    @Test func `without a database nobody has a lock`() {
        #expect(LockHolder(ofDatabase: "/nowhere/outbox.db") == nil)
    }
}
