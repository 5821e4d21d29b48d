import Glibc

/// Debian's `smtp-sink`, an SMTP server that throws everything away: fast, and not ours.
package final class SMTPSink: Sendable {
    private let reserved: ReservedPort
    private let child: ChildProcess

    /// Starts it and returns when it accepts connections.
    ///
    /// - Parameter options: such as `["-r", "rcpt"]`; see smtp-sink(1).
    /// - Throws: ``Executable/Missing``.
    package init(_ options: [String] = []) throws {
        let program = try Executable.find("smtp-sink", package: "postfix")
        reserved = try ReservedPort()
        let user = geteuid() == 0 ? ["-u", "nobody"] : []
        let address = "127.0.0.1:\(reserved.number)"
        child = try ChildProcess(
            program, ["-c"] + user + options + [address, "1024"],
            environment: ChildProcess.inheritedEnvironment)
        let (reserved, child) = (reserved, child)
        let isUp = eventually { reserved.acceptsConnections || child.exit != nil }
        guard isUp, child.exit == nil else {
            throw ChildProcess.Failure(description: "smtp-sink does not start: \(child.errors)")
        }
    }

    package var port: UInt16 { reserved.number }

    /// For example `smtp://127.0.0.1:40123`.
    package var url: String { "smtp://127.0.0.1:\(port)" }

    /// How many messages it has taken.
    package var messages: Int {
        child.state.read { Self.messages(in: $0.text[.output, default: []]) }
    }

    /// Blocks until it has taken at least that many messages.
    package func waitForMessages(_ count: Int, timeout: Duration = .seconds(10)) -> Bool {
        child.state.wait(timeout: timeout) { state in
            Self.messages(in: state.text[.output, default: []]) >= count
        }
    }

    /// Ends it and returns when it is gone.
    package func stop() {
        child.terminate()
        _ = child.waitForExit()
    }

    /// The last complete one of the counters that it writes with `-c`: `sess=1 quit=1 mesg=1`, and a
    /// carriage return.
    private static func messages(in output: [UInt8]) -> Int {
        let tail = String(decoding: output.suffix(256), as: UTF8.self)
        guard let end = tail.lastIndex(of: "\r") else { return 0 }
        let counters = tail[..<end].split(whereSeparator: { $0 == " " || $0 == "\r" })
        let last = counters.last { $0.hasPrefix("mesg=") }
        return last.flatMap { Int($0.dropFirst("mesg=".count)) } ?? 0
    }
}
