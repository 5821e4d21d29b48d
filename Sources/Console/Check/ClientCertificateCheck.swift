internal import Delivery
internal import SMTP
internal import Service

/// How long the client certificate is good.
struct ClientCertificateCheck {
    var certificate: ClientCertificate
    var now: WallTime

    func finding() -> CheckReport.Finding {
        let file = certificate.certificateFile
        let text: String
        do throws(BoundedFile.Failure) {
            text = String(decoding: try BoundedFile.read(file, limit: 1 << 20), as: UTF8.self)
        } catch {
            return .init(.tls, .fail, "the client certificate: \(file) \(error.text)")
        }
        guard let at = ClientCertificate.end(inPEM: text) else {
            return .init(
                .tls, .warn, "the client certificate in \(file) names no end that can be read")
        }
        let end = CertificateEnd(at: at, now: now)
        let words = "the client certificate in \(file) \(end.words)"
        guard end.isOver || end.isSoon else { return .init(.tls, .info, words) }
        return .init(.tls, .warn, "\(words); put a new one there, it is read for each connection")
    }
}
