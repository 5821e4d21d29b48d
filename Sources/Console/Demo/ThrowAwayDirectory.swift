internal import FoundationEssentials
internal import Glibc
internal import Service

/// A directory of its own under `$TMPDIR` or /tmp, for this user alone.
struct ThrowAwayDirectory {
    let path: String

    /// - Throws: ``Failure``, with what to do.
    init(environment: [String: String]) throws {
        let parent = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/outboxd-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            let why = SystemError(call: "mkdtemp in \(parent)", code: errno)
            throw Failure("\(why); set TMPDIR to a directory that can be written", .ioError)
        }
        let octets = template.dropLast().map { UInt8(bitPattern: $0) }
        path = String(decoding: octets, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// With everything in it.
    func remove() {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            Terminal.complain("\(path) could not be removed: \(error)")
        }
    }
}
