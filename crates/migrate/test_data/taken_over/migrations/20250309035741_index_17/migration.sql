-- CreateIndex
CREATE INDEX "Thing2_ownerId_b_idx" ON "Thing2"("ownerId", "b");
