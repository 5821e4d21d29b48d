import Delivery

extension RelayTrouble {
    static let outage = RelayTrouble(
        kind: .outage, error: DeliveryError(stage: .connect, text: "connection refused"))
    static let badPassword = RelayTrouble(
        kind: .credentials, error: DeliveryError(stage: .auth, code: 535, text: "bad password"))
}
