import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.io.FileInputStream;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** What EU DSS says of evidence records. Arguments: folders of roots (: between), a policy,
 *  then a moment, a record and its object, each. One line a record: indication, sub-indication, the file; then errors, indented. */
public class DssEvidence {
    public static void main(String[] names) throws Exception {
        var anchors = new CommonTrustedCertificateSource();
        for (var folder : names[0].split(":")) {
            for (var root : new File(folder).listFiles()) {
                anchors.addCertificate(DSSUtils.loadCertificate(root));
            }
        }
        for (int n = 2; n < names.length; n += 3) {
            try {
                var moment = Date.from(Instant.parse(names[n]));
                var sealed = names[n + 1].contains("sealed-record");
                var record = new File(names[n + 1]);
                var object = new File(names[n + 2]);
                if (sealed) {
                    judgeBoth(anchors, new File(names[1]), moment, record, object);
                } else {
                    judge(anchors, new File(names[1]), moment, record, object);
                }
            } catch (Exception error) {
                System.out.println("REFUSED - " + names[n + 1]);
            }
        }
    }

    /** A sealed record together with its evidence; both must hold. */
    static void judgeBoth(
            CommonTrustedCertificateSource anchors, File policy, Date moment, File record, File object) throws Exception {
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(object));
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        verifier.setAIASource(null);
        validator.setCertificateVerifier(verifier);
        validator.setDetachedEvidenceRecordDocuments(List.<DSSDocument>of(new FileDocument(record)));
        validator.setValidationTime(moment);
        var simple = validator.validateDocument(new FileInputStream(policy)).getSimpleReport();
        var id = simple.getFirstSignatureId();
        var evidence = simple.getSignatureEvidenceRecords(id).get(0);
        System.out.println(evidence.getIndication() + " " + simple.getIndication(id) + " " + record);
    }

    static void judge(
            CommonTrustedCertificateSource anchors, File policy, Date moment, File record, File object) throws Exception {
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        verifier.setAIASource(null);
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(record));
        validator.setCertificateVerifier(verifier);
        validator.setDetachedContents(List.<DSSDocument>of(new FileDocument(object)));
        validator.setValidationTime(moment);
        var reports = validator.validateDocument(new FileInputStream(policy));
        var simple = reports.getSimpleReport();
        for (var id : simple.getEvidenceRecordIdList()) {
            var sub = simple.getSubIndication(id);
            System.out.println(simple.getIndication(id) + " " + (sub == null ? "-" : sub) + " " + record);
            simple.getAdESValidationErrors(id).forEach(one -> System.out.println("  error: " + one.getValue()));
        }
        if (simple.getEvidenceRecordIdList().isEmpty()) {
            System.out.println("REFUSED - " + record);
        }
    }
}
