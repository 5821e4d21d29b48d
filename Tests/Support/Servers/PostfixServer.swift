import Foundation
import Glibc

/// A real Postfix, with directories, ports, users and certificates of its own.
///
/// It offers STARTTLS on ``port`` and TLS from the start on ``implicitTLSPort``, wants a login
/// (over TLS only), and takes mail for example.test. To be started by root.
package final class PostfixServer: Sendable {
    /// A message in the Maildir.
    ///
    /// Postfix has put `Return-Path`, `X-Original-To`, `Delivered-To` and `Received` before its
    /// header.
    package struct Mail: MessageOctets {
        package let data: [UInt8]
    }

    package static let user = "alice"
    package static let password = "s3cret"

    private let directory: TemporaryDirectory
    private let ports: (starting: ReservedPort, implicit: ReservedPort)
    private let dovecot: ChildProcess
    private let watch: Int
    /// The PEM file of the authority that signed its certificate.
    package let authorityFile: String

    /// Starts it and returns when both ports accept connections.
    ///
    /// - Throws: ``Executable/Missing`` where Postfix, Dovecot or openssl is not installed.
    package init() throws {
        let postfix = try Executable.find("postfix", package: "postfix")
        let dovecot = try Executable.find("dovecot", package: "dovecot-core")
        directory = try TemporaryDirectory(mode: 0o755)
        ports = (try ReservedPort(), try ReservedPort())
        try Self.checkReachability(of: directory)
        let certificates = try TestCertificates(in: directory)
        authorityFile = certificates.authority
        let mail = try Self.ids(of: "mail")
        try Self.write(
            PostfixConfiguration(
                directory: directory, certificates: certificates, port: ports.starting.number,
                implicitTLSPort: ports.implicit.number, mailUser: mail.user))
        let commands = "\(postfix) -c \(directory.file("etc"))"
        watch = try DeathWatch.run(ifWeDie: "\(commands) abort; rm -rf \(directory.path)")
        try ChildProcess.tool(
            "postfix", ["-c", directory.file("etc"), "start"], package: "postfix")
        self.dovecot = try ChildProcess(
            dovecot, ["-F", "-c", directory.file("dovecot/dovecot.conf")],
            environment: ChildProcess.inheritedEnvironment)
        try waitUntilUp()
    }

    deinit { stop() }

    /// STARTTLS and AUTH.
    package var port: UInt16 { ports.starting.number }
    /// TLS at once, and AUTH.
    package var implicitTLSPort: UInt16 { ports.implicit.number }

    /// Its log; for the reason why something did not work.
    package var log: String {
        (try? String(contentsOfFile: directory.file("mail.log"), encoding: .utf8)) ?? ""
    }

    /// What has been delivered, in no order that means anything.
    package func deliveredMails() throws -> [Mail] {
        try mailFiles.map { path in
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let text = String(decoding: data, as: UTF8.self)
            return Mail(data: Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8))
        }
    }

    /// Blocks until at least that many mails have been delivered.
    package func waitForMails(_ count: Int, timeout: Duration = .seconds(20)) -> Bool {
        eventually(timeout: timeout) { mailFiles.count >= count }
    }

    /// Ends it, returns when it is gone, and removes its directory.
    package func stop() {
        let path = directory.file("spool/pid/master.pid")
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let master = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
        dovecot.terminate()
        if let master, master > 1 {
            Glibc.kill(master, SIGTERM)
            _ = eventually { Glibc.kill(master, 0) != 0 }
        }
        _ = dovecot.waitForExit()
        directory.remove()
        DeathWatch.cancel(watch)
    }

    private var mailFiles: [String] {
        let new = directory.file("mail/all/new")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []
        return names.map { "\(new)/\($0)" }
    }

    private func waitUntilUp() throws {
        let socket = directory.file("spool/private/auth")
        let isUp = eventually(timeout: .seconds(20)) {
            ports.starting.acceptsConnections && ports.implicit.acceptsConnections
                && access(socket, F_OK) == 0
        }
        guard isUp else {
            let why = log + dovecot.errors
            stop()
            throw ChildProcess.Failure(description: "Postfix does not start: \(why)")
        }
    }
}

/// Its directory.
extension PostfixServer {
    private static func write(_ configuration: PostfixConfiguration) throws {
        let directory = configuration.directory
        for name in ["etc", "spool", "data", "mail", "dovecot"] {
            try directory.makeDirectory(name)
        }
        try directory.write(configuration.main, to: "etc/main.cf")
        try directory.write(configuration.master, to: "etc/master.cf")
        try directory.write(configuration.dovecot, to: "dovecot/dovecot.conf")
        try directory.write("\(user):{PLAIN}\(password)\n", to: "dovecot/users")
        for (name, owner) in [("data", "postfix"), ("mail", "mail")] {
            let ids = try ids(of: owner)
            try check(chown(directory.file(name), ids.user, ids.group), "chown \(name)")
        }
    }

    private static func ids(of name: String) throws -> (user: uid_t, group: gid_t) {
        guard let entry = getpwnam(name) else {
            throw ChildProcess.Failure(description: "there is no user \(name)")
        }
        return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }

    /// The servers run as users of their own and must get to their files.
    private static func checkReachability(of directory: TemporaryDirectory) throws {
        var path = URL(fileURLWithPath: directory.path)
        while path.path != "/" {
            path.deleteLastPathComponent()
            var status = stat()
            try check(stat(path.path, &status), "stat \(path.path)")
            guard status.st_mode & S_IXOTH != 0 else {
                throw ChildProcess.Failure(
                    description: "\(path.path) is closed to other users: set TMPDIR elsewhere")
            }
        }
    }
}
