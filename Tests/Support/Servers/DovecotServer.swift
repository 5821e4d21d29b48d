import Foundation
import Glibc

/// Dovecot's submission service: a real server that knows OAUTHBEARER and XOAUTH2.
///
/// It offers STARTTLS, asks an authorization server about each token (RFC 7662), and hands mails on to
/// another relay. To be started by root.
package final class DovecotServer: Sendable {
    package static let user = "alice"

    private let directory: TemporaryDirectory
    private let reserved: ReservedPort
    private let dovecot: ChildProcess
    /// The PEM file of the authority that signed its certificate.
    package let authorityFile: String

    /// - Parameters:
    ///   - mechanisms: `xoauth2 oauthbearer`, or one of them.
    ///   - introspection: where it asks about tokens.
    ///   - relayPort: where it hands mails on to, on 127.0.0.1.
    /// - Throws: ``Executable/Missing`` where Dovecot or openssl is not installed.
    package init(mechanisms: String, introspection: String, relayPort: Int) throws {
        let dovecot = try Executable.find("dovecot", package: "dovecot-submissiond")
        directory = try TemporaryDirectory(mode: 0o755)
        reserved = try ReservedPort()
        let certificates = try TestCertificates(in: directory)
        authorityFile = certificates.authority
        try directory.write(
            Self.oauth(introspection), to: "oauth2.conf")
        try directory.write(
            Self.configuration(directory, certificates, reserved.number, mechanisms, relayPort),
            to: "dovecot.conf")
        self.dovecot = try ChildProcess(
            dovecot, ["-F", "-c", directory.file("dovecot.conf")],
            environment: ChildProcess.inheritedEnvironment)
        guard eventually(timeout: .seconds(20), { reserved.acceptsConnections }) else {
            let why = log + self.dovecot.errors
            stop()
            throw ChildProcess.Failure(description: "Dovecot does not start: \(why)")
        }
    }

    deinit { stop() }

    package var port: UInt16 { reserved.number }

    /// For the reason why something did not work.
    package var log: String {
        (try? String(contentsOfFile: directory.file("log"), encoding: .utf8)) ?? ""
    }

    /// Ends it, returns when it is gone, and removes its directory.
    package func stop() {
        dovecot.terminate()
        _ = dovecot.waitForExit()
        directory.remove()
    }

    private static func oauth(_ introspection: String) -> String {
        """
        introspection_mode = post
        introspection_url = \(introspection)
        username_attribute = username
        active_attribute = active
        active_value = true

        """
    }

    /// In the words of Dovecot 2.3.
    private static func configuration(
        _ directory: TemporaryDirectory, _ certificates: TestCertificates, _ port: UInt16,
        _ mechanisms: String, _ relayPort: Int
    ) -> String {
        """
        base_dir = \(directory.file("run"))
        log_path = \(directory.file("log"))
        protocols = submission
        listen = 127.0.0.1
        hostname = mx.test
        ssl = required
        ssl_cert = <\(certificates.certificate)
        ssl_key = <\(certificates.key)
        auth_failure_delay = 0
        auth_mechanisms = \(mechanisms)
        passdb {
          driver = oauth2
          mechanisms = \(mechanisms)
          args = \(directory.file("oauth2.conf"))
        }
        userdb {
          driver = static
          args = uid=mail gid=mail home=/nonexistent
        }
        first_valid_uid = 1
        mail_location = maildir:/nonexistent
        submission_relay_host = 127.0.0.1
        submission_relay_port = \(relayPort)
        submission_relay_ssl = no
        service submission-login {
          inet_listener submission {
            port = \(port)
          }
          inet_listener submissions {
            port = 0
          }
        }
        default_vsz_limit = 512M

        """
    }
}
