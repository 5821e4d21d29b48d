internal import Foundation

/// A server's certificate that is its own authority, made by openssl(1).
package struct SelfSignedCertificate: Sendable {
    /// PEM files.
    package let certificate: String
    package let key: String

    /// - Parameters:
    ///   - name: The host that it is for.
    ///   - days: How long it is good from now on; -1: it ended yesterday.
    ///   - file: What its files are called, without their ending.
    package init(
        in directory: TemporaryDirectory, name: String, days: Int = 2, file: String = "certificate"
    ) throws {
        certificate = directory.file("\(file).pem")
        key = directory.file("\(file).key")
        _ = try ChildProcess.tool(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "\(max(days, 1))", "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=DNS:\(name)", "-keyout", key, "-out", certificate,
            ], package: "openssl")
        if days < 0 { try expire(in: directory, days: days) }
    }

    /// `req` makes none that is over; signed once more, it is.
    private func expire(in directory: TemporaryDirectory, days: Int) throws {
        let over = directory.file("again.pem")
        _ = try ChildProcess.tool(
            "openssl",
            ["x509", "-in", certificate, "-signkey", key, "-days", "\(days)", "-out", over],
            package: "openssl")
        try FileManager.default.removeItem(atPath: certificate)
        try FileManager.default.moveItem(atPath: over, toPath: certificate)
    }
}
