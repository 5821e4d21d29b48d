internal import CLinux
internal import Glibc

/// systemd's journal over its native socket: one datagram a line
/// (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/).
///
/// It never waits: what the journal does not take at once is kept, up to ``mostKept``. No line is ever too long
/// for a datagram, since ``JournalRecord`` is bounded.
package struct JournalSocket: ~Copyable {
    package static let standardPath = "/run/systemd/journal/socket"
    static let mostKept = 1 << 18

    private let path: String
    private var descriptor: Int32 = -1
    private var kept: [[UInt8]] = []
    private var keptOctets = 0
    private(set) var lost = 0

    init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// nil while nothing waits for the journal.
    var fullDescriptor: Int32? { kept.isEmpty || descriptor < 0 ? nil : descriptor }

    /// - Returns: false if there is no journal.
    mutating func send(_ record: [UInt8]) -> Bool {
        push()
        guard kept.isEmpty else { return keep(record) }
        switch attempt(record) {
        case .taken: return true
        case .full: return keep(record)
        case .missing: return false
        }
    }

    /// Tells how many were lost, if that is taken.
    mutating func tell(_ report: [UInt8]) -> Bool {
        push()
        guard kept.isEmpty, case .taken = attempt(report) else { return false }
        lost = 0
        return true
    }

    /// Tries once more what was not taken.
    mutating func push() {
        var sent = 0
        loop: for record in kept {
            switch attempt(record) {
            case .taken: sent += 1
            case .full: break loop
            case .missing:
                lost += kept.count - sent
                sent = kept.count
                break loop
            }
        }
        guard sent > 0 else { return }
        keptOctets -= kept[..<sent].reduce(0) { $0 + $1.count }
        kept.removeFirst(sent)
    }

    private mutating func keep(_ record: [UInt8]) -> Bool {
        guard keptOctets + record.count <= Self.mostKept else {
            lost += 1
            return true
        }
        kept.append(record)
        keptOctets += record.count
        return true
    }

    private enum Attempt {
        case taken, full, missing
    }

    /// A journal that was started anew has another socket: it is connected to once more.
    private mutating func attempt(_ record: [UInt8]) -> Attempt {
        for _ in 0..<2 {
            guard connect() else { return .missing }
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            let result = SystemError.retrying {
                Glibc.send(descriptor, record, record.count, flags)
            }
            if result >= 0 { return .taken }
            if errno == EAGAIN || errno == ENOBUFS { return .full }
            close(descriptor)
            descriptor = -1
        }
        return .missing
    }

    private mutating func connect() -> Bool {
        if descriptor >= 0 { return true }
        guard let (address, length) = SocketAddress.unix(path) else { return false }
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let fresh = socket(AF_UNIX, type, 0)
        guard fresh >= 0 else { return false }
        var unixAddress = address
        let code = withUnsafePointer(to: &unixAddress) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(fresh, $0, length)
            }
        }
        guard code == 0 else {
            close(fresh)
            return false
        }
        descriptor = fresh
        return true
    }
}
