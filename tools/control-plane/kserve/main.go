// kserve runs KServe's two controllers and their admission webhooks for tests, on loopback only: KServe's own programs
// listen on every interface. InferenceGraph and TrainedModel are left out.
//
// The namespace of KServe's configuration comes from $POD_NAMESPACE, as in KServe.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/kserve/kserve/pkg/scheme"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
)

const loopback = "127.0.0.1"

// kserve is what both controllers are made of.
type kserve struct {
	manager.Manager
	clients  *kubernetes.Clientset
	recorder func(component string) record.EventRecorder
}

func main() {
	webhookPort := flag.Int("webhook-port", 0, "port of the admission webhooks")
	probePort := flag.Int("probe-port", 0, "port of /readyz")
	certificates := flag.String("cert-dir", "", "folder with tls.crt and tls.key")
	flag.Parse() // --kubeconfig is controller-runtime's own.
	ctrl.SetLogger(zap.New())
	if err := run(*webhookPort, *probePort, *certificates); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(webhookPort, probePort int, certificates string) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Metrics:                server.Options{BindAddress: "0"},
		WebhookServer:          webhook.NewServer(webhook.Options{Host: loopback, Port: webhookPort, CertDir: certificates}),
		HealthProbeBindAddress: fmt.Sprintf("%s:%d", loopback, probePort),
	})
	if err != nil {
		return err
	}
	if err := scheme.AddAll(mgr.GetScheme()); err != nil {
		return err
	}
	if err := scheme.AddLLMISVCAPIs(mgr.GetScheme()); err != nil {
		return err
	}
	events := record.NewBroadcaster()
	events.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: clients.CoreV1().Events("")})
	parts := kserve{mgr, clients, func(component string) record.EventRecorder {
		return events.NewRecorder(mgr.GetScheme(), corev1.EventSource{Component: component})
	}}
	if err := addInferenceServices(parts); err != nil {
		return err
	}
	if err := addLLMInferenceServices(parts); err != nil {
		return err
	}
	if err := mgr.AddReadyzCheck("webhooks", mgr.GetWebhookServer().StartedChecker()); err != nil {
		return err
	}
	return mgr.Start(ctrl.SetupSignalHandler())
}
