/// An authority of the tests' own and a server certificate for localhost, mx.test and 127.0.0.1.
package struct TestCertificates: Sendable {
    /// PEM files.
    package let authority: String
    package let certificate: String
    package let key: String

    /// Makes them with openssl(1) in a directory; valid for two days.
    ///
    /// - Throws: ``Executable/Missing``.
    package init(in directory: TemporaryDirectory) throws {
        authority = directory.file("ca.pem")
        certificate = directory.file("server.pem")
        key = directory.file("server.key")
        let extensions = try directory.write(Self.extensions, to: "server.ext")
        let (request, authorityKey) = (directory.file("server.csr"), directory.file("ca.key"))
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try Self.openssl(
            ["req", "-x509"] + newKey + [
                "-keyout", authorityKey, "-out", authority, "-days", "2",
                "-subj", "/CN=outboxd test authority",
                "-addext", "basicConstraints=critical,CA:TRUE",
                "-addext", "keyUsage=critical,keyCertSign",
            ])
        try Self.openssl(
            ["req"] + newKey + ["-keyout", key, "-out", request, "-subj", "/CN=localhost"])
        try Self.openssl([
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", authorityKey,
            "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", certificate,
        ])
    }

    private static let extensions = """
        subjectAltName=DNS:localhost,DNS:mx.test,IP:127.0.0.1
        basicConstraints=CA:FALSE
        extendedKeyUsage=serverAuth

        """

    private static func openssl(_ arguments: [String]) throws {
        try ChildProcess.tool("openssl", arguments, package: "openssl")
    }
}
