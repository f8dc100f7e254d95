-- CreateIndex
CREATE INDEX "audit_log_tags_idx" ON "audit_log" USING GIN ("tags");
