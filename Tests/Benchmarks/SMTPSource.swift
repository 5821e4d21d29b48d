import TestSupport

/// Postfix's own generator of load, over connections that it keeps.
struct SMTPSource {
    var address: String
    var connections: Int

    /// Sends the same message so many times, of as many octets as outboxd's have.
    func send(_ mails: Int) throws -> ProgramRun {
        let program = try Executable.find("smtp-source", package: "postfix")
        return try ProgramRun.measure {
            try ChildProcess(
                program,
                [
                    "-d", "-s", "\(connections)", "-m", "\(mails)", "-l", "5000",
                    "-f", "support@acme.test", "-t", "customer@example.test", address,
                ])
        }
    }
}
