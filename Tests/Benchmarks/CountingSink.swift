import Foundation
import TestSupport

/// Debian's `smtp-sink`, whose counters go into a file: nobody is woken to read them meanwhile.
final class CountingSink {
    private let port: ReservedPort
    private let directory: TemporaryDirectory
    private let child: ChildProcess

    init() throws {
        let program = try Executable.find("smtp-sink", package: "postfix")
        port = try ReservedPort()
        directory = try TemporaryDirectory()
        let user = getuid() == 0 ? ["-u", "nobody"] : []
        let port = port
        child = try ChildProcess(
            "/bin/sh",
            ["-c", #"exec "$0" "$@" >"$BENCH_COUNTS""#, program, "-c"] + user
                + ["127.0.0.1:\(port.number)", "1024"],
            environment: ["BENCH_COUNTS": directory.file("counts")])
        guard eventually({ port.acceptsConnections }) else {
            throw Problem("smtp-sink does not start: \(child.errors)")
        }
    }

    var address: String { "127.0.0.1:\(port.number)" }

    /// Ends it and returns when it is gone: its CPU would count for whatever is measured next.
    func stop() {
        child.kill()
        _ = child.waitForExit()
    }

    /// How many messages it has taken: the last of `sess=1 quit=1 mesg=1`, each with a carriage
    /// return.
    func messages() throws -> Int {
        let text = try String(contentsOfFile: directory.file("counts"), encoding: .utf8)
        let counter = text.split(whereSeparator: { $0 == " " || $0 == "\r" || $0 == "\n" })
            .last { $0.hasPrefix("mesg=") }
        return counter.flatMap { Int($0.dropFirst("mesg=".count)) } ?? 0
    }
}
