BEGIN TRANSACTION;
CREATE TABLE helpdesks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    reply_to TEXT,
    bounce_address TEXT,
    ticket_center_url TEXT,
    dashboard_url TEXT,
    allowed_domains TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL DEFAULT 'en',
    paused INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "helpdesks" VALUES('acme','Acme','acme@acme.test',NULL,NULL,NULL,NULL,'','en',0);
INSERT INTO "helpdesks" VALUES('apart','Apart','apart@acme.test',NULL,NULL,NULL,NULL,'','en',1);
INSERT INTO "helpdesks" VALUES('aside','Aside','aside@acme.test',NULL,NULL,NULL,NULL,'','en',0);
INSERT INTO "helpdesks" VALUES('blocked','Blocked','blocked@acme.test',NULL,NULL,NULL,NULL,'','en',0);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    audience TEXT NOT NULL DEFAULT 'visitor',
    recipient_email TEXT NOT NULL,
    recipient_name TEXT,
    author_name TEXT,
    subject TEXT,
    body_text TEXT NOT NULL,
    attachments TEXT,
    page_url TEXT,
    unsubscribe_url TEXT,
    in_reply_to TEXT,
    locale TEXT,
    instant INTEGER NOT NULL DEFAULT 0,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (helpdesk_id, message_id, recipient_email)
) STRICT;
INSERT INTO "outbox" VALUES(1,'acme','c1','m1','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046238);
INSERT INTO "outbox" VALUES(2,'acme','combined','m2','visitor','combined@example.test','Ann','Olga','Printer is offline','First.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871046379);
INSERT INTO "outbox" VALUES(3,'acme','combined','m3','visitor','combined@example.test','Ann','Olga','Printer is offline','Second.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871046411);
INSERT INTO "outbox" VALUES(4,'acme','combined','m4','visitor','combined@example.test','Ann','Olga','Printer is offline','Third.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871046439);
INSERT INTO "outbox" VALUES(5,'acme','c5','m5','visitor','reject@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046464);
INSERT INTO "outbox" VALUES(6,'acme','c6','m6','visitor','nouser@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046466);
INSERT INTO "outbox" VALUES(7,'acme','c7','m7','visitor','defer@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046469);
INSERT INTO "outbox" VALUES(8,'acme','unsure','m8','visitor','uncertain@example.test','Ann','Olga','Printer is offline','One of two.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871046487);
INSERT INTO "outbox" VALUES(9,'acme','unsure','m9','visitor','uncertain@example.test','Ann','Olga','Printer is offline','Two of two.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871046499);
INSERT INTO "outbox" VALUES(10,'acme','c10','m10','visitor','gone@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046511);
INSERT INTO "outbox" VALUES(11,'acme','c11','m11','visitor','no address','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046531);
INSERT INTO "outbox" VALUES(12,'acme','c12','m12','visitor','seconds@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795000000);
INSERT INTO "outbox" VALUES(13,'acme','seen','m13','visitor','read@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046546);
INSERT INTO "outbox" VALUES(14,'acme','c14','m14','visitor','cancelled@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,1795871046546,1795871046565);
INSERT INTO "outbox" VALUES(15,'apart','c15','m15','visitor','apart@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046578);
INSERT INTO "outbox" VALUES(16,'aside','c16','m16','visitor','aside@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046585);
INSERT INTO "outbox" VALUES(17,'blocked','c17','m17','visitor','blocked0@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046597);
INSERT INTO "outbox" VALUES(18,'acme','c18','m18','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046607);
INSERT INTO "outbox" VALUES(19,'blocked','c19','m19','visitor','blocked1@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046608);
INSERT INTO "outbox" VALUES(20,'acme','c20','m20','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046619);
INSERT INTO "outbox" VALUES(21,'blocked','c21','m21','visitor','blocked2@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046623);
INSERT INTO "outbox" VALUES(22,'acme','c22','m22','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046625);
INSERT INTO "outbox" VALUES(23,'blocked','c23','m23','visitor','blocked3@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046634);
INSERT INTO "outbox" VALUES(24,'acme','c24','m24','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046640);
INSERT INTO "outbox" VALUES(25,'blocked','c25','m25','visitor','blocked4@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046648);
INSERT INTO "outbox" VALUES(26,'acme','c26','m26','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046656);
INSERT INTO "outbox" VALUES(27,'blocked','c27','m27','visitor','blocked5@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046659);
INSERT INTO "outbox" VALUES(28,'acme','c28','m28','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046660);
INSERT INTO "outbox" VALUES(29,'blocked','c29','m29','visitor','blocked6@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046666);
INSERT INTO "outbox" VALUES(30,'acme','c30','m30','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871046668);
INSERT INTO "outbox" VALUES(31,'acme','c31','m31','visitor','held@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871646546);
INSERT INTO "outbox" VALUES(32,'acme','c32','m32','visitor','stall@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871047636);
INSERT INTO "outbox" VALUES(33,'acme','c33','m33','visitor','new@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,1795871048198);
INSERT INTO "outbox" VALUES(34,'acme','held','m34','visitor','new@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,1795871648246);
CREATE TABLE outboxd_attempts (
    mail_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    counted INTEGER NOT NULL,
    row_ids TEXT NOT NULL,
    relay TEXT,
    milliseconds INTEGER,
    stage TEXT,
    code INTEGER,
    enhanced TEXT,
    text TEXT,
    PRIMARY KEY (mail_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_attempts" VALUES(1,1,1795871046351,'sent',1,'[1]','127.0.0.1[127.0.0.1]:45159',3,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(2,1,1795871047395,'sent',1,'[2,3,4]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(3,1,1795871046695,'rejected',1,'[5]','127.0.0.1[127.0.0.1]:45159',0,'rcpt',550,'5.7.1','5.7.1 Not here');
INSERT INTO "outboxd_attempts" VALUES(4,1,1795871046695,'rejected',1,'[6]','127.0.0.1[127.0.0.1]:45159',0,'rcpt',550,'5.1.1','5.1.1 No such mailbox');
INSERT INTO "outboxd_attempts" VALUES(5,1,1795871046696,'deferred',1,'[7]','127.0.0.1[127.0.0.1]:45159',0,'rcpt',451,'4.7.1','4.7.1 Come again later');
INSERT INTO "outboxd_attempts" VALUES(6,1,1795871047533,'uncertain',1,'[8,9]','127.0.0.1[127.0.0.1]:45159',0,'final',NULL,NULL,'the relay closed the connection');
INSERT INTO "outboxd_attempts" VALUES(14,1,1795871046695,'rejected',1,'[17]','127.0.0.1[127.0.0.1]:45159',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(15,1,1795871046699,'sent',1,'[18]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(16,1,1795871046695,'rejected',1,'[19]','127.0.0.1[127.0.0.1]:45159',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(17,1,1795871046700,'sent',1,'[20]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(18,1,1795871046695,'rejected',1,'[21]','127.0.0.1[127.0.0.1]:45159',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(19,1,1795871046700,'sent',1,'[22]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(20,1,1795871046696,'rejected',1,'[23]','127.0.0.1[127.0.0.1]:45159',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(21,1,1795871046703,'sent',1,'[24]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(22,1,1795871046698,'rejected',1,'[25]','127.0.0.1[127.0.0.1]:45159',2,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(23,1,1795871046703,'sent',1,'[26]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(24,1,1795871046699,'rejected',1,'[27]','127.0.0.1[127.0.0.1]:45159',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(25,1,1795871046703,'sent',1,'[28]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(26,1,1795871046700,'rejected',1,'[29]','127.0.0.1[127.0.0.1]:45159',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(27,1,1795871046703,'sent',1,'[30]','127.0.0.1[127.0.0.1]:45159',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
CREATE TABLE outboxd_frozen (
    mail_id INTEGER PRIMARY KEY,
    envelope_sender TEXT NOT NULL,
    envelope_recipient TEXT NOT NULL,
    needs_smtputf8 INTEGER NOT NULL,
    message BLOB NOT NULL
) STRICT;
INSERT INTO "outboxd_frozen" VALUES(6,'acme@acme.test','uncertain@example.test',0,X'446174653A205361742C203238204E6F7620323032362031333A30343A3037202B303030300D0A46726F6D3A2041636D65203C61636D654061636D652E746573743E0D0A546F3A20416E6E203C756E6365727461696E406578616D706C652E746573743E0D0A5375626A6563743A2052653A205072696E746572206973206F66666C696E650D0A4D6573736167652D49443A203C362E383338623161663038656335383838304061636D652E746573743E0D0A496E2D5265706C792D546F3A203C636F6E766572736174696F6E2E33443346353633304643314130323842393837464544443446304630464338424061636D652E746573743E0D0A5265666572656E6365733A203C636F6E766572736174696F6E2E33443346353633304643314130323842393837464544443446304630464338424061636D652E746573743E0D0A4175746F2D5375626D69747465643A206175746F2D67656E6572617465640D0A582D4175746F2D526573706F6E73652D53757070726573733A204F4F462C204175746F5265706C790D0A4D494D452D56657273696F6E3A20312E300D0A436F6E74656E742D547970653A206D756C7469706172742F616C7465726E61746976653B0D0A20626F756E646172793D223D5F3746323730373644333230423337334633344336424435413041344136344232220D0A0D0A2D2D3D5F37463237303736443332304233373346333443364244354130413441363442320D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D7574662D380D0A436F6E74656E742D5472616E736665722D456E636F64696E673A2071756F7465642D7072696E7461626C650D0A0D0A4F6C67612C20323032362D31312D32382031333A3034205554433A0D0A0D0A4F6E65206F662074776F2E0D0A0D0A2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D0D0A0D0A4F6C67612C20323032362D31312D32382031333A3034205554433A0D0A0D0A54776F206F662074776F2E0D0A0D0A2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D0D0A0D0A41636D652073656E7420796F7520746869732062656361757365207468657265206973206E65777320696E20796F757220636F6E766572736174696F6E2E0D0A0D0A2D2D3D5F37463237303736443332304233373346333443364244354130413441363442320D0A436F6E74656E742D547970653A20746578742F68746D6C3B20636861727365743D7574662D380D0A436F6E74656E742D5472616E736665722D456E636F64696E673A2071756F7465642D7072696E7461626C650D0A0D0A3C21444F43545950452068746D6C3E0D0A3C68746D6C206C616E673D334422656E223E0D0A3C686561643E0D0A3C6D65746120636861727365743D3344227574662D38223E0D0A3C7469746C653E52653A205072696E746572206973206F66666C696E653C2F7469746C653E0D0A3C2F686561643E0D0A3C626F64793E0D0A3C703E3C7374726F6E673E3C6264693E4F6C67613C2F6264693E3C2F7374726F6E673E2C20323032362D31312D32382031333A3034205554433A3C2F703E0D0A3C70206469723D3344226175746F223E4F6E65206F662074776F2E3C2F703E0D0A3C68723E0D0A3C703E3C7374726F6E673E3C6264693E4F6C67613C2F6264693E3C2F7374726F6E673E2C20323032362D31312D32382031333A3034205554433A3C2F703E0D0A3C70206469723D3344226175746F223E54776F206F662074776F2E3C2F703E0D0A3C68723E0D0A3C703E41636D652073656E7420796F7520746869732062656361757365207468657265206973206E65777320696E20796F757220636F6E766572736174696F6E2E3C2F703E0D0A3C2F626F64793E0D0A3C2F68746D6C3E0D0A0D0A2D2D3D5F37463237303736443332304233373346333443364244354130413441363442322D2D0D0A');
CREATE TABLE outboxd_instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slot_file TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    process_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;
INSERT INTO "outboxd_instances" VALUES(1,'outbox.db-outboxd-189e84ba5b00ae2b','00000000-0000-0000-0000-000000000000',23138,1795871046313,36548414);
CREATE TABLE outboxd_lines (
    id INTEGER PRIMARY KEY,
    helpdesk_id TEXT NOT NULL UNIQUE,
    parked INTEGER NOT NULL DEFAULT 0,
    sender TEXT,
    turn INTEGER NOT NULL DEFAULT 0,
    instant_due INTEGER,
    first_due INTEGER,
    retry_due INTEGER,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    error_text TEXT
) STRICT;
INSERT INTO "outboxd_lines" VALUES(1,'acme',0,NULL,1795871047659000,NULL,1795871647546,1795871566840,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(2,'apart',3,NULL,1795871046679000,1795871046465,NULL,NULL,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(3,'aside',1,NULL,1795871046679001,1795871046465,NULL,NULL,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(4,'blocked',2,'blocked@acme.test',1795871046696000,NULL,NULL,1795871046465,0,NULL,NULL);
CREATE TABLE outboxd_mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    audience TEXT NOT NULL,
    phase INTEGER NOT NULL DEFAULT 0,
    wait INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    rescues INTEGER NOT NULL DEFAULT 0,
    probed_at INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 0,
    owner INTEGER,
    token INTEGER,
    sender TEXT,
    email_message_id TEXT,
    composed_at INTEGER
, line INTEGER NOT NULL DEFAULT 0, class INTEGER NOT NULL DEFAULT 1, troubles INTEGER NOT NULL DEFAULT 0, struck INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "outboxd_mails" VALUES(1,'acme','c1','sent@example.test','visitor',2,0,1795871046238,1,0,0,0,NULL,NULL,'acme@acme.test','<1.79ab3bf635309af9@acme.test>',1795871046327,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(2,'acme','combined','combined@example.test','visitor',2,0,1795871047379,1,0,0,0,NULL,NULL,'acme@acme.test','<2.78a139f4b7b8e959@acme.test>',1795871047381,1,1,0,0);
INSERT INTO "outboxd_mails" VALUES(3,'acme','c5','reject@example.test','visitor',2,0,1795871046464,1,0,0,0,NULL,NULL,'acme@acme.test','<3.f89754cc8e608ac5@acme.test>',1795871046679,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(4,'acme','c6','nouser@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<4.f89754cc8e608ac5@acme.test>',1795871046679,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(5,'acme','c7','defer@example.test','visitor',0,0,1795871566840,1,0,0,0,NULL,NULL,'acme@acme.test','<5.f89754cc8e608ac5@acme.test>',1795871046679,1,2,0,0);
INSERT INTO "outboxd_mails" VALUES(6,'acme','unsure','uncertain@example.test','visitor',0,3,1795871047487,1,0,0,1,NULL,8367649661840479886,'acme@acme.test','<6.838b1af08ec58880@acme.test>',1795871047526,1,1,0,0);
INSERT INTO "outboxd_mails" VALUES(7,'acme','c10','gone@example.test','visitor',2,0,1795871046465,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(8,'acme','c11','no address','visitor',2,0,1795871046465,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0);
INSERT INTO "outboxd_mails" VALUES(9,'acme','c12','seconds@example.test','visitor',2,0,1795871046465,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0);
INSERT INTO "outboxd_mails" VALUES(10,'acme','seen','read@example.test','visitor',2,0,1795871046465,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(11,'acme','c14','cancelled@example.test','visitor',2,0,1795871047565,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0);
INSERT INTO "outboxd_mails" VALUES(12,'apart','c15','apart@example.test','visitor',0,0,1795871046465,0,0,0,0,NULL,NULL,NULL,NULL,NULL,2,0,0,0);
INSERT INTO "outboxd_mails" VALUES(13,'aside','c16','aside@example.test','visitor',0,0,1795871046465,0,0,0,0,NULL,NULL,NULL,NULL,NULL,3,0,0,0);
INSERT INTO "outboxd_mails" VALUES(14,'blocked','c17','blocked0@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<14.f89754cc8e608ac5@acme.test>',1795871046679,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(15,'acme','c18','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<15.1030c0c91020cc03@acme.test>',1795871046696,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(16,'blocked','c19','blocked1@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<16.f89754cc8e608ac5@acme.test>',1795871046679,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(17,'acme','c20','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<17.1030c0c91020cc03@acme.test>',1795871046696,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(18,'blocked','c21','blocked2@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<18.f89754cc8e608ac5@acme.test>',1795871046679,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(19,'acme','c22','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<19.1030c0c91020cc03@acme.test>',1795871046696,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(20,'blocked','c23','blocked3@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<20.f89754cc8e608ac5@acme.test>',1795871046679,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(21,'acme','c24','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<21.bb17c0caadfd14d2@acme.test>',1795871046701,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(22,'blocked','c25','blocked4@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<22.f89754cc8e608ac5@acme.test>',1795871046679,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(23,'acme','c26','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<23.bb17c0caadfd14d2@acme.test>',1795871046701,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(24,'blocked','c27','blocked5@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<24.1030c0c91020cc03@acme.test>',1795871046696,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(25,'acme','c28','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<25.bb17c0caadfd14d2@acme.test>',1795871046701,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(26,'blocked','c29','blocked6@example.test','visitor',0,0,1795871046465,1,0,0,0,NULL,NULL,'blocked@acme.test','<26.1030c0c91020cc03@acme.test>',1795871046696,4,2,0,1);
INSERT INTO "outboxd_mails" VALUES(27,'acme','c30','sent@example.test','visitor',2,0,1795871046465,1,0,0,0,NULL,NULL,'acme@acme.test','<27.bb17c0caadfd14d2@acme.test>',1795871046701,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(28,'acme','c31','held@example.test','visitor',0,0,1795871647546,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0);
INSERT INTO "outboxd_mails" VALUES(29,'acme','c32','stall@example.test','visitor',1,0,1795871047636,0,0,0,0,1,5425883791401048660,'acme@acme.test','<29.a143b755a54523fe@acme.test>',1795871047659,1,0,0,0);
CREATE TABLE outboxd_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_meta" VALUES('clock','00000000-0000-0000-0000-000000000000 1795834617915');
INSERT INTO "outboxd_meta" VALUES('hold','1000');
CREATE TABLE outboxd_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO "outboxd_migrations" VALUES(1,'mails, rows and what outboxd remembers of them',1795871045912);
INSERT INTO "outboxd_migrations" VALUES(2,'lines: what can''t go is not in line',1795871045913);
CREATE TABLE outboxd_pauses (
    helpdesk_id TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_pauses" VALUES('aside',1795871046165);
CREATE TABLE outboxd_relay (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL,
    since INTEGER,
    down_milliseconds INTEGER NOT NULL DEFAULT 0,
    error_stage TEXT,
    error_code INTEGER,
    error_enhanced TEXT,
    error_text TEXT
) STRICT;
INSERT INTO "outboxd_relay" VALUES(1,'up',1795871046351,0,NULL,NULL,NULL,NULL);
CREATE TABLE outboxd_rows (
    id INTEGER PRIMARY KEY,
    mail_id INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    uncertain INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    first_attempt_at INTEGER,
    relay_down_before INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    finished_at INTEGER,
    error_stage TEXT,
    error_code INTEGER,
    error_enhanced TEXT,
    error_text TEXT
, identity INTEGER) STRICT;
INSERT INTO "outboxd_rows" VALUES(1,1,2,NULL,0,1,1795871046238,1795871046351,0,1795871046351,1795871046351,NULL,NULL,NULL,NULL,624182888590515051);
INSERT INTO "outboxd_rows" VALUES(2,2,2,NULL,0,1,1795871047379,1795871047395,0,1795871047395,1795871047395,NULL,NULL,NULL,NULL,624183988102143262);
INSERT INTO "outboxd_rows" VALUES(3,2,2,NULL,0,1,1795871047411,1795871047395,0,1795871047395,1795871047395,NULL,NULL,NULL,NULL,624185087613771473);
INSERT INTO "outboxd_rows" VALUES(4,2,2,NULL,0,1,1795871047439,1795871047395,0,1795871047395,1795871047395,NULL,NULL,NULL,NULL,624186187125399684);
INSERT INTO "outboxd_rows" VALUES(5,3,4,'rejected',0,1,1795871046464,1795871046695,0,NULL,1795871046695,'rcpt',550,'5.7.1','5.7.1 Not here',624187286637027895);
INSERT INTO "outboxd_rows" VALUES(6,4,4,'rejected',0,1,1795871046465,1795871046695,0,NULL,1795871046695,'rcpt',550,'5.1.1','5.1.1 No such mailbox',624188386148656106);
INSERT INTO "outboxd_rows" VALUES(7,5,0,NULL,0,1,1795871046465,1795871046696,0,NULL,NULL,'rcpt',451,'4.7.1','4.7.1 Come again later',624189485660284317);
INSERT INTO "outboxd_rows" VALUES(8,6,0,NULL,1,1,1795871047487,1795871047533,0,NULL,NULL,'final',NULL,NULL,'the relay closed the connection',624172992985861152);
INSERT INTO "outboxd_rows" VALUES(9,6,0,NULL,1,1,1795871047499,1795871047533,0,NULL,NULL,'final',NULL,NULL,'the relay closed the connection',624174092497489363);
INSERT INTO "outboxd_rows" VALUES(10,7,3,'suppressed',0,0,1795871046465,NULL,0,NULL,1795871046679,NULL,NULL,NULL,NULL,626731631213280161);
INSERT INTO "outboxd_rows" VALUES(11,8,4,'invalid_address',0,0,1795871046465,NULL,0,NULL,1795871046465,NULL,NULL,NULL,'recipient_email: “no address” is not a valid email address: a character before the @ is not allowed there.',626730531701651950);
INSERT INTO "outboxd_rows" VALUES(12,9,4,'invalid_row',0,0,1795871046465,NULL,0,NULL,1795871046465,NULL,NULL,NULL,'created_at looks like seconds (1795000000): milliseconds since the Unix epoch are expected',626729432190023739);
INSERT INTO "outboxd_rows" VALUES(13,10,3,'read',0,0,1795871046465,NULL,0,NULL,1795871046696,NULL,NULL,NULL,NULL,626728332678395528);
INSERT INTO "outboxd_rows" VALUES(14,11,3,'cancelled',0,0,1795871047565,NULL,0,NULL,1795871047565,NULL,NULL,NULL,NULL,626736029259793005);
INSERT INTO "outboxd_rows" VALUES(15,12,0,NULL,0,0,1795871046465,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,626734929748164794);
INSERT INTO "outboxd_rows" VALUES(16,13,0,NULL,0,0,1795871046465,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,626733830236536583);
INSERT INTO "outboxd_rows" VALUES(17,14,0,NULL,0,1,1795871046465,1795871046695,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',626732730724908372);
INSERT INTO "outboxd_rows" VALUES(18,15,2,NULL,0,1,1795871046465,1795871046699,0,1795871046699,1795871046699,NULL,NULL,NULL,NULL,626722835120254473);
INSERT INTO "outboxd_rows" VALUES(19,16,0,NULL,0,1,1795871046465,1795871046695,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',626721735608626262);
INSERT INTO "outboxd_rows" VALUES(20,17,2,NULL,0,1,1795871046465,1795871046700,0,1795871046700,1795871046700,NULL,NULL,NULL,NULL,627723390701737258);
INSERT INTO "outboxd_rows" VALUES(21,18,0,NULL,0,1,1795871046465,1795871046695,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',627724490213365469);
INSERT INTO "outboxd_rows" VALUES(22,19,2,NULL,0,1,1795871046465,1795871046700,0,1795871046700,1795871046700,NULL,NULL,NULL,NULL,627721191678480836);
INSERT INTO "outboxd_rows" VALUES(23,20,0,NULL,0,1,1795871046465,1795871046696,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',627722291190109047);
INSERT INTO "outboxd_rows" VALUES(24,21,2,NULL,0,1,1795871046465,1795871046703,0,1795871046703,1795871046703,NULL,NULL,NULL,NULL,627718992655224414);
INSERT INTO "outboxd_rows" VALUES(25,22,0,NULL,0,1,1795871046465,1795871046698,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',627720092166852625);
INSERT INTO "outboxd_rows" VALUES(26,23,2,NULL,0,1,1795871046465,1795871046703,0,1795871046703,1795871046703,NULL,NULL,NULL,NULL,627716793631967992);
INSERT INTO "outboxd_rows" VALUES(27,24,0,NULL,0,1,1795871046465,1795871046699,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',627717893143596203);
INSERT INTO "outboxd_rows" VALUES(28,25,2,NULL,0,1,1795871046465,1795871046703,0,1795871046703,1795871046703,NULL,NULL,NULL,NULL,627714594608711570);
INSERT INTO "outboxd_rows" VALUES(29,26,0,NULL,0,1,1795871046465,1795871046700,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',627715694120339781);
INSERT INTO "outboxd_rows" VALUES(30,27,2,NULL,0,1,1795871046465,1795871046703,0,1795871046703,1795871046703,NULL,NULL,NULL,NULL,628679965818091603);
INSERT INTO "outboxd_rows" VALUES(31,28,0,NULL,0,0,1795871647546,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,628678866306463392);
INSERT INTO "outboxd_rows" VALUES(32,29,0,NULL,0,0,1795871047636,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,628682164841348025);
CREATE TABLE outboxd_senders (
    address TEXT PRIMARY KEY,
    blocked_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    probe_at INTEGER,
    probe INTEGER,
    error_text TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_senders" VALUES('blocked@acme.test',1795871046698,1,1795871076698,NULL,'5.7.1 Sender address rejected');
CREATE TABLE outboxd_strikes (
    address TEXT NOT NULL,
    number INTEGER NOT NULL,
    mail_id INTEGER NOT NULL,
    PRIMARY KEY (address, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE outboxd_suppressing (
    helpdesk_id TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error_text TEXT,
    PRIMARY KEY (helpdesk_id, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE outboxd_unread (
    id INTEGER PRIMARY KEY,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error_text TEXT
) STRICT;
CREATE TABLE read_markers (
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    reader_email TEXT NOT NULL,
    last_read_at INTEGER NOT NULL,
    PRIMARY KEY (helpdesk_id, conversation_id, reader_email)
) STRICT;
INSERT INTO "read_markers" VALUES('acme','seen','read@example.test',1795871046547);
CREATE TABLE suppressions (
    helpdesk_id TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (helpdesk_id, address)
) STRICT;
INSERT INTO "suppressions" VALUES('','gone@example.test','asked us to',1795000000000,NULL);
INSERT INTO "suppressions" VALUES('acme','nouser@example.test','mailbox does not exist (5.1.1)',1795871046695,1798463046695);
CREATE INDEX outboxd_mails_sending ON outboxd_mails (owner) WHERE phase = 1;
CREATE INDEX outboxd_mails_open ON outboxd_mails (recipient, conversation_id, helpdesk_id)
WHERE phase < 2;
CREATE INDEX outboxd_mails_message_id ON outboxd_mails (email_message_id)
WHERE email_message_id IS NOT NULL;
CREATE INDEX outboxd_rows_mail ON outboxd_rows (mail_id);
CREATE INDEX outboxd_mails_due ON outboxd_mails (line, class, due_at, id)
WHERE phase = 0 AND wait = 0;
CREATE INDEX outboxd_mails_aside ON outboxd_mails (wait, id) WHERE phase = 0 AND wait > 0;
CREATE INDEX outboxd_lines_instant ON outboxd_lines (parked, turn, instant_due)
WHERE instant_due IS NOT NULL;
CREATE INDEX outboxd_lines_first ON outboxd_lines (parked, first_due)
WHERE first_due IS NOT NULL;
CREATE INDEX outboxd_lines_retry ON outboxd_lines (parked, retry_due)
WHERE retry_due IS NOT NULL;
CREATE INDEX outboxd_lines_parked ON outboxd_lines (parked, id) WHERE parked > 0;
CREATE INDEX outboxd_lines_sender ON outboxd_lines (sender, turn) WHERE sender IS NOT NULL;
CREATE INDEX outboxd_mails_troubles ON outboxd_mails (id) WHERE troubles > 0;
CREATE INDEX outboxd_rows_failed ON outboxd_rows (finished_at) WHERE state = 4;
CREATE VIEW outbox_status AS
SELECT
    o.id AS id,
    CASE
        WHEN r.id IS NULL THEN 'pending'
        WHEN r.state = 2 THEN 'sent'
        WHEN r.state = 3 THEN 'skipped'
        WHEN r.state = 4 THEN 'failed'
        WHEN m.phase = 1 THEN 'sending'
        ELSE 'pending'
    END AS state,
    CASE
        WHEN r.state > 0 THEN r.reason
        WHEN m.phase = 1 THEN NULL
        WHEN m.wait = 3 THEN 'uncertain'
        WHEN EXISTS (
            SELECT 1 FROM outboxd_pauses p WHERE p.helpdesk_id IN ('', o.helpdesk_id)
        ) OR EXISTS (
            SELECT 1 FROM helpdesks h WHERE h.id = o.helpdesk_id AND h.paused <> 0
        ) THEN 'paused'
        WHEN r.id IS NULL THEN CASE
            WHEN EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id) THEN 'deferred'
            WHEN o.created_at + iif(o.instant <> 0, 0, coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), 60000)) <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
                THEN 'queued'
            ELSE 'hold' END
        WHEN m.due_at <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AND m.parked = 2 THEN 'sender'
        WHEN m.due_at <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
            AND (SELECT state FROM outboxd_relay WHERE id = 1) = 'down' THEN 'relay'
        WHEN m.attempts > 0 OR m.wait = 4 OR m.troubles > 0 THEN 'deferred'
        WHEN m.due_at > CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) THEN 'hold'
        WHEN m.parked = 4 THEN 'deferred'
        ELSE 'queued'
    END AS reason,
    coalesce(r.uncertain, 0) AS uncertain,
    coalesce(r.attempts, 0) AS attempts,
    CASE
        WHEN r.state = 0 THEN m.due_at
        WHEN r.id IS NOT NULL THEN r.due_at
        WHEN o.instant <> 0 THEN o.created_at
        ELSE o.created_at + coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), 60000)
    END AS due_at,
    r.sent_at AS sent_at,
    r.finished_at AS finished_at,
    m.email_message_id AS email_message_id,
    '{"stage":' || coalesce('"' || r.error_stage || '"', 'null')
        || ',"code":' || coalesce(r.error_code, 'null')
        || ',"enhanced":' || coalesce('"' || r.error_enhanced || '"', 'null')
        || ',"text":"' || replace(replace(r.error_text, '\', '\\'), '"', '\"')
        || '"}' AS last_error
FROM outbox o
LEFT JOIN outboxd_rows r ON r.id = o.id
LEFT JOIN (
    SELECT m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles, m.email_message_id,
        (SELECT l.parked FROM outboxd_lines l WHERE l.id = m.line) AS parked
    FROM outboxd_mails m
) m ON m.id = r.mail_id;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',34);
INSERT INTO "sqlite_sequence" VALUES('outboxd_instances',1);
INSERT INTO "sqlite_sequence" VALUES('outboxd_mails',29);
COMMIT;
