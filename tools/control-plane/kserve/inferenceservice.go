package main

import (
	"context"

	"github.com/kserve/kserve/pkg/apis/serving/v1beta1"
	"github.com/kserve/kserve/pkg/controller/v1beta1/inferenceservice"
	"github.com/kserve/kserve/pkg/webhook/admission/pod"
	"github.com/kserve/kserve/pkg/webhook/admission/servingruntime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// addInferenceServices adds what KServe's kserve-controller-manager has. It reads the configuration once, at start, as that does.
func addInferenceServices(k kserve) error {
	config, err := v1beta1.GetInferenceServiceConfigMap(context.Background(), k.clients)
	if err != nil {
		return err
	}
	deploy, err := v1beta1.NewDeployConfig(config)
	if err != nil {
		return err
	}
	ingress, err := v1beta1.NewIngressConfig(config)
	if err != nil {
		return err
	}
	// Called for what it changes: the resource names that count as GPUs.
	if _, err := v1beta1.NewMultiNodeConfig(config); err != nil {
		return err
	}
	reconciler := inferenceservice.InferenceServiceReconciler{
		Client:    k.GetClient(),
		Clientset: k.clients,
		Log:       ctrl.Log.WithName("InferenceService"),
		Scheme:    k.GetScheme(),
		Recorder:  k.recorder("v1beta1Controllers"),
	}
	if err := reconciler.SetupWithManager(k, deploy, ingress); err != nil {
		return err
	}
	decoder := admission.NewDecoder(k.GetScheme())
	for path, handler := range map[string]admission.Handler{
		"/mutate-pods": &pod.Mutator{Client: k.GetClient(), Clientset: k.clients, Decoder: decoder},
		"/validate-serving-kserve-io-v1alpha1-servingruntime":        &servingruntime.ServingRuntimeValidator{Client: k.GetClient(), Decoder: decoder},
		"/validate-serving-kserve-io-v1alpha1-clusterservingruntime": &servingruntime.ClusterServingRuntimeValidator{Client: k.GetClient(), Decoder: decoder},
	} {
		k.GetWebhookServer().Register(path, &admission.Webhook{Handler: handler})
	}
	return ctrl.NewWebhookManagedBy(k).
		For(&v1beta1.InferenceService{}).
		WithDefaulter(&v1beta1.InferenceServiceDefaulter{}).
		WithValidator(&v1beta1.InferenceServiceValidator{}).
		Complete()
}
