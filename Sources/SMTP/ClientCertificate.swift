/// What outboxd shows of itself within TLS: files in PEM, which libcurl reads at each connection.
package struct ClientCertificate: Hashable, Sendable {
    package var certificateFile: String
    /// nil: the key lies in the certificate's file.
    package var keyFile: String?

    package init(certificateFile: String, keyFile: String? = nil) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
