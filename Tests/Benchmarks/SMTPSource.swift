import TestSupport

/// Postfix's own generator of load, over connections that it keeps.
struct SMTPSource {
    var address: String
    var connections: Int

    /// Sends the same message of 3,000 octets so many times.
    func send(_ mails: Int) throws -> ProgramRun {
        let program = try Executable.find("smtp-source", package: "postfix")
        return try ProgramRun.measure {
            try ChildProcess(
                program,
                [
                    "-d", "-s", "\(connections)", "-m", "\(mails)", "-l", "3000",
                    "-f", "support@acme.test", "-t", "customer@example.test", address,
                ])
        }
    }
}
